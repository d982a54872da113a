/** How names of files end that hold inputs or outputs of a run. */
export const RECORDING_ENDINGS = ['.csv', '.npy', '.json'] as const;
export type RecordingEnding = (typeof RECORDING_ENDINGS)[number];

/** The format that a name ends with; undefined for another. */
export const recordingEnding = (file: string): RecordingEnding | undefined =>
  RECORDING_ENDINGS.find((ending) => file.toLowerCase().endsWith(ending));
