/** Runs a command to its end, which comes in any case, and leaves no process behind. */
import { spawn } from 'node:child_process';

/**
 * Resolves to what the command printed and `code`: its exit code, the signal that ended it, or in words why it has
 * neither. After `limitMs` it is told to end, and soon after it is ended.
 */
export async function execute([program, ...args], { variables, limitMs }) {
  // In a process group of its own, what it starts can be ended with it.
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  const printed = { stdout: '', stderr: '' };
  for (const stream of Object.keys(printed)) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      printed[stream] += text;
    });
  }
  const interrupted = () => {
    endGroup(child.pid, 'SIGKILL');
    process.exit(130);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  const code = await ending(child, limitMs);
  process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  child.stdout.destroy();
  child.stderr.destroy();
  return { code, ...printed };
}

async function ending(child, limitMs) {
  const timers = [];
  const after = (delay, action) => timers.push(setTimeout(action, delay));
  let late = false;
  after(limitMs, () => {
    late = true;
    endGroup(child.pid, 'SIGTERM');
  });
  after(limitMs + GRACE_MS, () => endGroup(child.pid, 'SIGKILL'));
  const code = await new Promise((resolve) => {
    child.once('error', (fault) => resolve(fault.message));
    child.once('exit', (status, signal) => {
      endGroup(child.pid, 'SIGKILL');
      const verdict = late ? `no result within ${limitMs / 1_000} s` : (status ?? signal);
      child.once('close', () => resolve(verdict));
      // A process that has left the group may hold the pipes open, and would hold us with them.
      after(GRACE_MS, () => resolve(verdict));
    });
  });
  timers.forEach(clearTimeout);
  return code;
}

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (fault) {
    // ESRCH: nothing of the group is left, which is what was wanted.
    if (fault.code !== 'ESRCH') throw fault;
  }
}

/** Enough for a browser to close its windows and throw its profile away. */
const GRACE_MS = 5_000;
