// `import` in Node hands on what `require` has, so that a process has one instance and one cache.
export {
  getToken, createClient, createFetch, previewRequest, invalidate, clear, configure, providers, onEvent, TokenError,
} from './node.cjs';
