/**
 * A token endpoint of many doors. Each counts its calls, takes its time over them, and numbers its tokens after them, so
 * that a token tells which call it came from.
 */
import { json, listen } from './http.js';

export async function startCounting() {
  const doors = [];
  const { url, stop } = await listen(async ({ query }) => {
    const door = doors[Number(query)];
    door.count += 1;
    const token = door.token(door.count);
    await new Promise((resolve) => setTimeout(resolve, door.delayMs));
    return json(200, { access_token: token, token_type: 'Bearer', expires_in: door.lifetimeSeconds });
  });
  const open = ({ delayMs, lifetimeSeconds }) => {
    const number = doors.length;
    const door = { delayMs, lifetimeSeconds, count: 0, token: (call) => `door-${number}-call-${call}` };
    doors.push(door);
    return { tokenEndpoint: `${url}/token?${number}`, calls: () => door.count, token: door.token };
  };
  return { open, stop };
}
