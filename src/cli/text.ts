import type { Progress } from '../train/train.js';

/** `12,345`. */
export const count = (value: number): string => value.toLocaleString('en');

/** `1 generation`, `72 generations`. */
export const counted = (value: number, one: string): string =>
  `${count(value)} ${one}${value === 1 ? '' : 's'}`;

/** A score of a task, or a dash when there is none. */
export const score = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–');

/** Seconds as `12.3 s`, `4 min 05 s` or `2 h 10 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${two(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const two = (value: number): string => `${value}`.padStart(2, '0');

/** One line about a generation. */
export function trainingLine(progress: Progress): string {
  const { generation, generations, best, mean, sigma, episodesPerSecond, etaSeconds } = progress;
  const parts = [
    `generation ${generation}/${generations}`,
    `best ${score(best)}`,
    `mean ${score(mean)}`,
    `sigma ${sigma.toPrecision(2)}`,
    ...(progress.diverged > 0 ? [`diverged ${progress.diverged}`] : []),
    `${Math.round(episodesPerSecond)} episodes/s`,
    `${duration(etaSeconds)} left`,
  ];
  return parts.join('  ');
}
