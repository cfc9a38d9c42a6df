/**
 * A token endpoint of many doors. Each takes its time over its calls, keeps the names that the callers give in a header of
 * their own, and numbers its tokens after the calls, so that a token tells which one it came from.
 */
import { json, listen } from './http.js';

export async function startCounting() {
  const doors = [];
  const { url, stop } = await listen(async ({ query, headers }) => {
    const { callers, delayMs, lifetimeSeconds, token } = doors[Number(query)];
    const call = callers.push(headers.caller);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return json(200, { access_token: token(call), token_type: 'Bearer', expires_in: lifetimeSeconds });
  });
  const open = ({ delayMs, lifetimeSeconds }) => {
    const number = doors.length;
    const door = { callers: [], delayMs, lifetimeSeconds, token: (call) => `door-${number}-call-${call}` };
    doors.push(door);
    return { tokenEndpoint: `${url}/token?${number}`, callers: door.callers, token: door.token };
  };
  return { open, stop };
}
