import type { Timers } from './transport.js';

interface Alarm {
  readonly at: number;
  readonly number: number;
  readonly action: () => void;
}

/** Time that passes only when nothing else is left to do: links in memory wait without waiting. */
export class SimulatedTime implements Timers {
  /** Milliseconds that have passed. */
  now = 0;
  private alarms: Alarm[] = [];
  private count = 0;

  after(milliseconds: number, action: () => void): () => void {
    const alarm = { at: this.now + milliseconds, number: this.count++, action };
    // Kept in order: most new alarms belong near the end.
    let place = this.alarms.length;
    while (place > 0 && this.alarms[place - 1]!.at > alarm.at) place--;
    this.alarms.splice(place, 0, alarm);
    return () => {
      const found = this.alarms.indexOf(alarm);
      if (found >= 0) this.alarms.splice(found, 1);
    };
  }

  /** Lets time pass up to the next alarm; false where there is none. */
  next(): boolean {
    const alarm = this.alarms.shift();
    if (!alarm) return false;
    this.now = alarm.at;
    alarm.action();
    return true;
  }
}
