import type { Watcher } from '../../runtime/trace/watch.js';
import type { Outputs } from '../network/machine.js';

/** Hears of a run, and of the end of each episode. */
export interface RunWatcher extends Watcher {
  /** After the last step of an episode. */
  ended?(): void;
}

/** Lets a watcher hear of every so many steps of an episode, and of its last one: the reset takes what it led to. */
export class EveryWatcher implements RunWatcher {
  private steps = 0;
  private last: Outputs | undefined;

  constructor(
    private readonly watcher: Watcher,
    private readonly every: number,
  ) {}

  began(): void {
    this.steps = 0;
    this.last = undefined;
    this.watcher.began?.();
  }

  stepped(outputs: Outputs): void {
    this.steps++;
    this.last = outputs;
    if (this.steps % this.every === 0) this.tell();
  }

  ended(): void {
    this.tell();
  }

  private tell(): void {
    if (this.last) this.watcher.stepped?.(this.last);
    this.last = undefined;
  }
}

/** A watcher that notes how long it takes after steps. */
export class TimedWatcher implements RunWatcher {
  seconds = 0;

  constructor(
    private readonly watcher: RunWatcher,
    private readonly clock: () => number,
  ) {}

  began(): void {
    this.watcher.began?.();
  }

  stepped(outputs: Outputs): void {
    this.timed(() => this.watcher.stepped?.(outputs));
  }

  ended(): void {
    this.timed(() => this.watcher.ended?.());
  }

  private timed(work: () => void): void {
    const before = this.clock();
    work();
    this.seconds += this.clock() - before;
  }
}
