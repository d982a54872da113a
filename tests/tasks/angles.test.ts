import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionAt, evenAngles } from '../../src/tasks/angles.js';

describe('directionAt', () => {
  it('is exact at multiples of a quarter turn', () => {
    const quarter = [0, 90, 180, 270].map(directionAt);
    const exact = [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ];
    quarter.forEach((d, i) => {
      expect(Object.is(d.x, exact[i]![0]) && Object.is(d.y, exact[i]![1]), String(i * 90)).toBe(
        true,
      );
    });
  });

  it('is symmetric: half a turn negates, an eighth has equal parts', () => {
    const { x, y } = directionAt(45);
    expect(x).toBe(y);
    expect(directionAt(225)).toEqual({ x: -x, y: -y });
  });

  it('agrees with the engine within 4e-16', () => {
    fc.assert(
      fc.property(fc.double({ min: -720, max: 720, noNaN: true }), (degrees) => {
        const { x, y } = directionAt(degrees);
        const turn = ((degrees % 360) + 360) % 360;
        expect(Math.abs(x - Math.cos((turn * Math.PI) / 180))).toBeLessThan(4e-16 + turn * 3e-18);
        expect(Math.abs(y - Math.sin((turn * Math.PI) / 180))).toBeLessThan(4e-16 + turn * 3e-18);
      }),
      { seed: 11 },
    );
  });

  it('has the same bits as when this test was written', () => {
    expect(directionAt(2.5)).toEqual({ x: 0.9990482215818578, y: 0.043619387365336 });
    expect(directionAt(22.5)).toEqual({ x: 0.9238795325112867, y: 0.3826834323650898 });
  });
});

describe('evenAngles', () => {
  it('spaces them around the circle', () => {
    expect(evenAngles(4, 10)).toEqual([10, 100, 190, 280]);
  });
});
