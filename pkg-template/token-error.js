// The one error class of the package. What it says was written, and redacted, by the core.

const UNSET = {
  provider: null, code: null, retryable: false, status: null, error: null, errorDescription: null, errorUri: null,
  vendorCode: null, details: null, retryAfter: null, attempts: 0, cached: false,
};

export class TokenError extends Error {
  constructor({ message, cause, ...fields }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, UNSET, fields);
  }
}

// On the prototype, as with every built-in error, so that it is no field of its own.
Object.defineProperty(TokenError.prototype, 'name', { value: 'TokenError', configurable: true, writable: true });

export const invalidConfig = (message, cause) => new TokenError({ code: 'invalid_config', message, cause });
