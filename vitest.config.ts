import { defineConfig } from 'vitest/config';

/** Three costs of tests (CONTRIBUTING.md): a file says its cost by its name. */
const project = (name: string, include: string[], exclude: string[], testTimeout: number) => ({
  // Tests share their worker's modules, which hold no state: loading them anew for each file took half of the time.
  test: { name, include, exclude, testTimeout, hookTimeout: testTimeout, isolate: false },
});

export default defineConfig({
  test: {
    projects: [
      project(
        'quick',
        ['tests/**/*.test.ts'],
        ['tests/**/*.ci.test.ts', 'tests/**/*.full.test.ts'],
        60_000,
      ),
      project('ci', ['tests/**/*.ci.test.ts'], [], 600_000),
      project('full', ['tests/**/*.full.test.ts'], [], 7_200_000),
    ],
  },
});
