const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.addEventListener('message', () => waiting.shift()?.());
channel.port1.start();

/** Runs something as soon as what runs now, and what it has set off, is done. Not slowed down in hidden windows, as timers are. */
export function nextTask(task: () => void): void {
  waiting.push(task);
  channel.port2.postMessage(null);
}
