// What `providers()` tells: the fields of each provider's config, for forms and documentation. It
// needs nothing of the core, and a bundle that does not ask for it carries none of it.

import descriptors from './catalogue.js';

export const providers = async () => Object.freeze(descriptors.map(info));

const info = ({ id, title, docs, params = {}, request, scope = {} }) => Object.freeze({
  id,
  title,
  docs,
  params: Object.freeze([
    ...Object.entries(params).map(parameter),
    ...(request.url === '{tokenEndpoint}' ? [parameter(['tokenEndpoint', { help: 'URL of the token endpoint.' }])] : []),
    parameter(['clientId', { help: 'Client id.' }]),
    parameter(['clientSecret', { secret: true, help: 'Client secret, or a function that gives it.' }]),
    ...(scope.fixed ? [] : [parameter(['scope', {
      required: scope.required === true,
      default: scope.append ? undefined : scope.default?.join(' '),
      help: `${scope.append ? 'Further scopes' : 'Scopes'}, separated by spaces.`,
    }])]),
  ]),
});

// A parameter is required unless it has a default or says otherwise, as in the descriptor language.
const parameter = ([name, { required = true, secret = false, default: byDefault = null, help = '', kind, enum: values }]) => Object.freeze({
  name,
  required: required && byDefault === null,
  secret,
  default: byDefault,
  help,
  ...(kind && { kind }),
  ...(values && { enum: Object.freeze([...values]) }),
});
