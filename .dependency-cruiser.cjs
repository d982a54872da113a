/** Imports point one way (ARCHITECTURE.md). Each rule names a folder and what it may not import. */
const order = [
  ['src/equations'],
  ['src/network'],
  ['src/tasks', 'src/formats'],
  ['compiler'],
  ['runtime'],
  ['targets'],
  ['src/train', 'src/report'],
  ['src/cli'],
];
const free = '^compiler/(diagnostics|levels/numbers)/';
const forbidden = order.slice(0, -1).map((folders, level) => ({
  name: `below-${folders.map((f) => f.replace('src/', '')).join('-and-')}`,
  severity: 'error',
  from: { path: `^(${folders.join('|')})/`, pathNot: free },
  to: { path: `^(${order.slice(level + 1).flat().join('|')})/`, pathNot: free },
}));
module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'free-of-imports', severity: 'error', from: { path: free }, to: { pathNot: free } },
    {
      // The truth about a chip shares nothing with what it is compared with.
      name: 'interpreters-import-no-pass',
      severity: 'error',
      from: { path: '^runtime/emulator/', pathNot: '^runtime/emulator/(generated|architecture|machine|threads)' },
      to: { path: '^compiler/(passes|pipeline|codegen|analysis|levels/(fixed|micro))' },
    },
    {
      name: 'emulators-import-no-pass',
      severity: 'error',
      from: { path: '^runtime/emulator/' },
      to: { path: '^compiler/(passes|pipeline|levels/fixed)' },
    },
    {
      name: 'the-compiler-names-no-target',
      severity: 'error',
      from: { path: '^(compiler|runtime)/' },
      to: { path: '^targets/' },
    },
    {
      // What prints a help text loads nothing else: actions are imported when they run.
      name: 'commands-load-no-action',
      severity: 'error',
      from: { path: '^src/cli/(commands/|program|options|levels)' },
      to: {
        path: '^(runtime|targets|compiler/(?!diagnostics|pass-names)|src/cli/(actions|session))',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      // The list of commands is all that `plastron --help` loads: a command is declared when it is named.
      name: 'help-loads-no-command',
      severity: 'error',
      from: { path: '^src/cli/(main|program|commands/listed)' },
      to: {
        path: '^src/cli/(commands/(?!listed)|envelope|levels)|^(fs|path|os|child_process)$',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
