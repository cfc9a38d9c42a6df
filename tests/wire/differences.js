/**
 * All that Tokenlet says in another way than both other libraries do, and why. A difference that does not stand here fails the run,
 * and so does a row that holds no longer. By place: what is `ours` and `theirs`, undefined where there is nothing.
 */
export const DIFFERENCES = [
  {
    place: 'header content-type',
    ours: 'application/x-www-form-urlencoded',
    theirs: 'application/x-www-form-urlencoded; charset=utf-8',
    reason: 'RFC 6749, appendix B has it without; the media type is registered without parameters, and some servers compare it whole',
  },
  {
    place: 'header cache-control',
    ours: 'no-cache',
    theirs: undefined,
    reason: "Node's fetch adds it for cache: 'no-store', without which a browser may keep an answer that holds a token",
  },
  {
    place: 'header pragma',
    ours: 'no-cache',
    theirs: undefined,
    reason: 'as above',
  },
  {
    place: 'dpop claims nonce',
    ours: undefined,
    theirs: '"nonce-of-the-token-endpoint"',
    reason: 'RFC 9449, sections 8 and 9 have nonces of authorization servers and of resources, which are here of one origin',
  },
  {
    place: 'client_assertion header typ',
    ours: '"JWT"',
    theirs: undefined,
    reason: 'RFC 7519, section 5.1 recommends it, and some servers ask for it',
  },
  {
    place: 'client_assertion claims aud',
    ours: '"{token endpoint}"',
    theirs: '"{issuer}"',
    reason: "RFC 7523, section 3 names the token endpoint, which oauth2 has and the issuer it has not; assertionAudience says otherwise",
  },
  {
    place: 'client_assertion claims exp',
    ours: 'iat + 300',
    theirs: 'iat + 60',
    reason: 'five minutes outlive a clock that is off',
  },
  {
    place: 'client_assertion claims nbf',
    ours: undefined,
    theirs: 'iat + 0',
    reason: 'a server whose clock is a second behind would refuse it, and RFC 7523, section 3 does not ask for it',
  },
];
