// The fields of a provider's config: its own parameters, and those of the common fields that it demands, places in
// its request or its assertion, or gives a default. Forms, documentation and types are made of them.

/** The fields of a whole descriptor. */
export const fields = (descriptor) => [...Object.entries(descriptor.params ?? {}).map(parameter), ...commonFields(descriptor)];

/** These descriptors, each merged with the one of them that it extends. */
export const whole = (all) => {
  const wholeOf = ({ extends: id, ...own }) => (id === undefined ? own : merge(wholeOf(all.find((each) => each.id === id)), own));
  return all.map(wholeOf);
};

// As the core merges: maps key by key, whatever else replaces.
const merge = (base, over) => {
  if (!isMap(base) || !isMap(over)) return over;
  const replaced = Object.entries(over).map(([name, value]) => [name, merge(base[name], value)]);
  return { ...base, ...Object.fromEntries(replaced) };
};

const isMap = (value) => Object.prototype.toString.call(value) === '[object Object]';

// A parameter is required unless it has a default or says otherwise, as in the descriptor language.
const parameter = ([name, { required = true, secret = false, default: byDefault = null, help = '', kind, enum: values }]) => ({
  name,
  required: required && byDefault === null,
  secret,
  default: byDefault,
  help,
  ...(kind && { kind }),
  ...(values && { enum: values }),
});

const commonFields = (descriptor) => {
  const { request, assertion, scope = {} } = descriptor;
  const text = JSON.stringify([request, assertion]).replaceAll('{{', '').replaceAll('}}', '');
  const demands = (name) => text.includes(`{${name}}`);
  const places = (name) => demands(name) || text.includes(`{${name}?}`);
  const own = !scope.fixed && (scope.in !== 'none' || places('scope'));
  const methods = methodsOf(descriptor);
  const isNamed = methods.every((method) => method !== 'none') || demands('clientId');
  const withSecret = methods.filter((method) => method.startsWith('client_secret'));
  return [
    places('tokenEndpoint') && common('tokenEndpoint', demands('tokenEndpoint'), ENDPOINT),
    places('audience') && common('audience', demands('audience'), 'The API that the token is meant for.'),
    (isNamed || methods.length > 1 || places('clientId')) && common('clientId', isNamed, clientIdHelp(isNamed, descriptor)),
    withSecret.length > 0 && common('clientSecret', withSecret.length === methods.length, CLIENT_SECRET, { secret: true }),
    own && common('scope', !scope.default && (scope.required === true || demands('scope')), scopeHelp(scope), {
      default: scope.append ? null : scope.default?.join(' ') ?? null,
    }),
  ].filter(Boolean);
};

// How the client may authenticate: as the descriptor has it, or in one of the ways that the config can name.
const methodsOf = ({ auth, params }) => (auth?.method ? [auth.method] : params?.clientAuth?.enum ?? ['client_secret_basic']);

const common = (name, required, help, rest) => ({ name, required, secret: false, default: null, help, ...rest });

const clientIdHelp = (isNamed, { params = {} }) => {
  const isKeyed = Object.values(params).some(({ kind }) => kind === 'key');
  return isKeyed && !isNamed ? `${CLIENT_ID} The JSON key of a service account brings its own.` : CLIENT_ID;
};

const scopeHelp = ({ append, default: byDefault, in: place }) => {
  const instead = byDefault ? ' instead of the default' : '';
  const what = append ? `Further scopes, sent after \`${byDefault.join(' ')}\`` : `Scopes to ask for${instead}`;
  return `${what}, separated by spaces.${place === 'query' ? ' Sent in the query.' : ''}`;
};

const ENDPOINT = 'URL of the token endpoint (RFC 6749, section 3.2); https, and its query is kept. '
  + 'Secrets are sent there: it must never come from an end user.';
const CLIENT_ID = "The client's identifier, as the vendor gave it out.";
const CLIENT_SECRET =
  "The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked up.";
