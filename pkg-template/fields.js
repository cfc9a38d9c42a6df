// The fields of a provider's config: its own parameters, and those of the common fields that it demands, places in
// its request or gives a default. Forms, documentation and types are made of them.

export const fields = (descriptor) => [...Object.entries(descriptor.params ?? {}).map(parameter), ...commonFields(descriptor)];

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

const commonFields = ({ auth: { method = 'client_secret_basic' } = {}, request, scope = {} }) => {
  const text = JSON.stringify(request).replaceAll('{{', '').replaceAll('}}', '');
  const demands = (name) => text.includes(`{${name}}`);
  const places = (name) => demands(name) || text.includes(`{${name}?}`);
  const own = !scope.fixed && (scope.in !== 'none' || places('scope'));
  return [
    places('tokenEndpoint') && common('tokenEndpoint', true, ENDPOINT),
    places('audience') && common('audience', demands('audience'), 'The API that the token is meant for.'),
    (method !== 'none' || places('clientId')) && common('clientId', method !== 'none' || demands('clientId'), CLIENT_ID),
    method.startsWith('client_secret') && common('clientSecret', true, CLIENT_SECRET, { secret: true }),
    own && common('scope', !scope.default && (scope.required === true || demands('scope')), scopeHelp(scope), {
      default: scope.append ? null : scope.default?.join(' ') ?? null,
    }),
  ].filter(Boolean);
};

const common = (name, required, help, rest) => ({ name, required, secret: false, default: null, help, ...rest });

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
