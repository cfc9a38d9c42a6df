/** The schema of descriptors, held against the types and the comments of `index.d.ts`. */

/** The type of each part of the schema that has a name. */
const TYPES = {
  tmpl: 'Template',
  tval: 'TemplateValue',
  path: 'ResponsePath',
  paths: 'ResponsePaths',
  param: 'DescriptorParam',
  scope: 'DescriptorScope',
  auth: 'DescriptorAuth',
  assertion: 'DescriptorAssertion',
  request: 'DescriptorRequest',
  response: 'DescriptorResponse',
  cache: 'DescriptorCache',
  use: 'DescriptorUse',
};

/** A module that compiles if, and only if, the types say what the schema says: the same names, words and optionality. */
export function typeTest(schema) {
  const checks = Object.entries(schema.$defs).flatMap(([name, part]) => partChecks(name, part));
  return `import type * as T from 'tokenlet';

type Expect<T extends true> = T;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** True, or what the compiler is to tell. */
type Same<At, Types, Schema> = Equal<Types, Schema> extends true ? true : { at: At; types: Types; schema: Schema };
/** One object type for an intersection of them. */
type Flat<T> = { [K in keyof T]: T[K] };

export type Checks = [
${[...checks, ...wholeChecks(schema)].map((line) => `  ${line},\n`).join('')}];
`;
}

/** Where the comments of the types have another default than the schema, or none where it has one. */
export function otherDefaults(schema, declarations) {
  return Object.entries(schema.$defs).flatMap(([part, { properties = {} }]) => {
    const [, body] = declarations.match(new RegExp(`^export interface ${TYPES[part]} \\{\\n(.*?)^\\}`, 'ms')) ?? [];
    return Object.entries(properties).flatMap(([name, { default: value }]) => {
      const [, comment] = body?.match(new RegExp(`/\\*\\*((?:(?!\\*/).)*)\\*/\\s+readonly ${name}\\??:`, 's')) ?? [];
      if (comment === undefined) return [`${part}.${name} has no comment`];
      const [, told] = comment.match(/@defaultValue `(.*)`/) ?? [];
      const wanted = typeof value === 'string' ? `'${value}'` : value?.toString();
      return told === wanted ? [] : [`${part}.${name} is ${wanted} by default, and the comment says ${told}`];
    });
  });
}

function partChecks(name, part) {
  const type = `T.${TYPES[name] ?? `Missing<'${name}'>`}`;
  if (part.properties) return recordChecks(name, type, part);
  // Maps of templates have no name in the types.
  return name === 'tmap' ? [] : [same(name, type, written(part))];
}

/** One check for the names, and one for each property with its modifiers. */
function recordChecks(at, type, { properties, required = [] }, special = {}) {
  const names = Object.keys(properties).map((name) => `'${name}'`).join(' | ');
  return [
    same(`${at}: names`, `keyof ${type}`, names),
    ...Object.entries(properties).map(([name, property]) => {
      const value = special[name] ?? written(property);
      return same(`${at}.${name}`, `Flat<Pick<${type}, '${name}'>>`, `{ readonly ${name}${required.includes(name) ? '' : '?'}: ${value} }`);
    }),
  ];
}

/** The two kinds of a whole descriptor, which are the choices of the schema: in their order, one extends and one stands alone. */
function wholeChecks({ properties, required, anyOf: [extending, alone] }) {
  const whole = ({ required: more }) => ({ properties, required: [...required, ...more] });
  const request = `T.DescriptorRequest & { ${alone.properties.request.required.map((name) => `readonly ${name}: T.Template`).join('; ')} }`;
  return [
    same('the whole', 'T.ProviderDescriptor', 'T.StandaloneDescriptor | T.ExtendingDescriptor'),
    // Here the types know more than the schema: which built-in providers there are.
    ...recordChecks('extending', 'T.ExtendingDescriptor', whole(extending), { extends: 'T.ProviderName' }),
    ...recordChecks('standing alone', 'T.StandaloneDescriptor', whole(alone), { extends: 'never', request }),
  ];
}

function same(at, type, schema) {
  return `Expect<Same<${JSON.stringify(at)}, ${type}, ${schema}>>`;
}

/** A part of the schema as a type. */
function written(part) {
  if (part.$ref) {
    const name = part.$ref.replace('#/$defs/', '');
    return name === 'tmap' ? '{ readonly [name: string]: T.Template }' : `T.${TYPES[name]}`;
  }
  if (part.enum) return part.enum.map((word) => JSON.stringify(word)).join(' | ');
  if (part.anyOf) return part.anyOf.map(written).join(' | ');
  if (Array.isArray(part.type)) return part.type.map((type) => written({ type })).join(' | ');
  switch (part.type) {
    case 'integer':
      return 'number';
    case 'array':
      return `readonly (${part.items ? written(part.items) : 'T.JsonValue'})[]`;
    case 'object':
      return part.properties ? record(part) : `{ readonly [name: string]: ${written(part.additionalProperties)} }`;
    default:
      return part.type;
  }
}

function record({ properties, required = [] }) {
  const members = Object.entries(properties).map(([name, property]) => {
    return `readonly ${name}${required.includes(name) ? '' : '?'}: ${written(property)}`;
  });
  return `{ ${members.join('; ')} }`;
}
