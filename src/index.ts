/**
 * Plastron: train a plasticity rule, compile it to exact integer programs for chips that learn, emulate and verify them.
 * Everything that the command line does is a call of this library.
 */
export {
  type Calibration,
  NO_CALIBRATION,
  parseCalibration,
  printCalibration,
} from '../compiler/analysis/calibration.js';
export { type Compilation, compile } from '../compiler/compile.js';
export {
  type CatalogueEntry,
  catalogue,
  type DiagnosticCode,
} from '../compiler/diagnostics/catalogue.js';
export {
  type Diagnostic,
  DiagnosticsError,
  type Span,
} from '../compiler/diagnostics/diagnostic.js';
export type { FixedExpression, FixedNetwork } from '../compiler/levels/fixed/fixed.js';
export type { MicroProgram } from '../compiler/levels/micro/micro.js';
export { type Format, parseFormat, printFormat } from '../compiler/levels/numbers/format.js';
export { decodeProgram } from '../compiler/levels/program/decode.js';
export { encodeProgram } from '../compiler/levels/program/encode.js';
export type { Program } from '../compiler/levels/program/program.js';
export type { CompileOptions, FormatRow, Pass, PassContext } from '../compiler/pass.js';
export { PIPELINE } from '../compiler/pipeline.js';
export type { Capabilities, Target } from '../compiler/target.js';
export { calibrate } from '../runtime/calibrate/calibrate.js';
export { Emulator } from '../runtime/emulator/machine.js';
export { createFixedMachine } from '../runtime/fixed/machine.js';
export { createHostMachine } from '../runtime/host/host.js';
export { createIntegerHost } from '../runtime/host/integer.js';
export { EventRecorder } from '../runtime/trace/events.js';
export { OutputRecorder } from '../runtime/trace/outputs.js';
export { MemorySink, type TextSink } from '../runtime/trace/sink.js';
export { type VcdOptions, VcdRecorder } from '../runtime/trace/vcd-recorder.js';
export { type Watcher, watched } from '../runtime/trace/watch.js';
export { parseBounds } from '../runtime/verify/bounds.js';
export {
  type Certificate,
  certificateOf,
  parseCertificate,
  printCertificate,
} from '../runtime/verify/certificate.js';
export type { Comparison } from '../runtime/verify/comparison.js';
export { type Drive, recordedDrive, runDrive, taskDrive } from '../runtime/verify/drive.js';
export { type ReplayInput, type ReplayResult, replay } from '../runtime/verify/replay.js';
export {
  type Verification,
  type VerifyOptions,
  verificationDiagnostics,
  verify,
} from '../runtime/verify/verify.js';
export {
  type Bitstream,
  type BitstreamOptions,
  buildBitstream,
} from '../targets/fpga/bitstream/bitstream.js';
export type { Board } from '../targets/fpga/boards/board.js';
export { boardNamed, boards } from '../targets/fpga/boards/index.js';
export { withParameters } from '../targets/fpga/boards/parameters.js';
export type { CoreConfiguration } from '../targets/fpga/configuration.js';
export { targetNamed, targets } from '../targets/index.js';
export { libraryNeurons, libraryRules } from './equations/library.js';
export { loadModels, neuronModel, ruleModel } from './equations/load.js';
export type { NeuronModel, RuleModel } from './equations/model.js';
export { readInputs } from './formats/inputs/read.js';
export type { Recording } from './formats/inputs/recording.js';
export { type NpyArray, printNpy, readNpy } from './formats/npy.js';
export { exportOnnx } from './formats/onnx/export.js';
export { importOnnx } from './formats/onnx/import.js';
export { printOutputs, type RecordedOutputs } from './formats/outputs.js';
export { NetworkBuilder } from './network/builder.js';
export { checkNetwork } from './network/check.js';
export type { Inputs, Machine, MachineShape, Outputs, Probe } from './network/machine.js';
export type { Network, Population, Projection } from './network/network.js';
export { parseNetwork } from './network/parse-text.js';
export { createReferenceMachine } from './network/reference.js';
export { printNetwork } from './network/text.js';
export { type DemoResult, printDemo, runDemo } from './report/demo.js';
export { DEMO_DEFAULTS, type DemoOptions } from './report/demo-defaults.js';
export { type ScoreRow, scoreRow } from './report/scores.js';
export { type Injury, prepareInjuries } from './tasks/injury.js';
export { TASKS, taskOf } from './tasks/registry.js';
export { Rollout, runEpisode, runEpisodes } from './tasks/rollout.js';
export type { Episode, EpisodeSpec, Task, TaskFamily } from './tasks/task.js';
export { type Checkpoint, readCheckpoint } from './train/checkpoint.js';
export { createPolicyNetwork } from './train/policy.js';
export { searchDefaults } from './train/search/defaults.js';
export { type Progress, type TrainOptions, type TrainResult, train } from './train/train.js';
export { trainOn } from './train/train-on.js';
