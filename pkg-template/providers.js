// What `providers()` tells: the fields of each provider's config, for forms and documentation. It
// needs nothing of the core, and a bundle that does not ask for it carries none of it.

import descriptors from './catalogue.js';
import { fields, whole } from './fields.js';

export const providers = async () => Object.freeze(whole(descriptors).map(info));

const info = (descriptor) => {
  const { id, title, docs } = descriptor;
  return Object.freeze({ id, title, docs, params: Object.freeze(fields(descriptor).map(frozen)) });
};

// The words of an `enum` are copied: the catalogue is the next caller's too.
const frozen = (field) => Object.freeze({ ...field, ...(field.enum && { enum: Object.freeze([...field.enum]) }) });
