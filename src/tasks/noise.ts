import { draw } from '../../compiler/levels/numbers/draw.js';
import { gaussian } from '../equations/functions/gaussian.js';

/** The `projection` word of draws made by tasks: apart from every projection of a network. */
export const TASK_STREAM = 0x7a5c0000;

/** A standard normal number of an episode: a function of its seed, the step and a channel of the task. */
export function episodeGaussian(seed: number, step: number, channel: number): number {
  return gaussian(
    draw(seed, TASK_STREAM, channel, 0, step, 0),
    draw(seed, TASK_STREAM, channel, 1, step, 0),
  );
}

/** 32 random bits of an episode, by the same words as `episodeGaussian`. */
export function episodeBits(seed: number, step: number, channel: number, index = 0): number {
  return draw(seed, TASK_STREAM, channel, index, step, 1);
}
