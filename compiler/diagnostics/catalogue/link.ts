import type { CatalogueEntry } from '../catalogue.js';

export const linkEntries = {
  PL6001: {
    severity: 'error',
    title: 'a device that does not answer',
    about:
      'A request was sent again and again, and no answer came in time. Either nothing listens (no power, no bitstream, another port, another rate), or the line is so bad that nothing gets through whole. What was asked may have been done; nothing half of it.',
    example: 'a board without its bitstream',
    fix: 'plastron bitstream --program program.plastron -o core.bin, load it, and repeat',
  },
  PL6002: {
    severity: 'error',
    title: 'a device that is gone',
    about:
      'The port was closed while an answer was awaited: the cable was pulled, or the adapter was reset.',
    example: 'the cable is pulled while a Program is deployed',
    fix: 'plug it in again and repeat the command: what the board still holds is not sent again',
  },
  PL6003: {
    severity: 'error',
    title: 'a device that was reset',
    about:
      'The device does not know its host any more: it was switched off or reset since it was greeted, and what it held may be lost. Or the host greeted it anew, which forgets what was under way.',
    example: 'the reset button is pressed during `plastron run`',
    fix: 'plastron deploy program.plastron --port auto',
  },
  PL6004: {
    severity: 'error',
    title: 'a request that is refused',
    about: 'The device does not do what it was asked, or the answer does not fit into its frames.',
    example: 'a request of a later version of the protocol',
    fix: 'load a bitstream that this version of plastron made',
  },
  PL6005: {
    severity: 'error',
    title: 'another protocol',
    about:
      'Something answers at the port, but it is no device of plastron, or one that speaks another version of the protocol.',
    example: 'a board with a bitstream of another version',
    fix: 'plastron bitstream --board icebreaker -o core.bin, and load it',
  },
  PL6010: {
    severity: 'error',
    title: 'no such port',
    about: 'There is no serial port of that name, or the board at it was unplugged.',
    example: 'plastron deploy program.plastron --port /dev/ttyUSB7',
    fix: 'plastron doctor lists the ports that there are',
  },
  PL6011: {
    severity: 'error',
    title: 'a port in use',
    about: 'Another program has opened the port and lets nobody else in.',
    example: 'a terminal program is connected to the board',
    fix: 'end the program that the note names, and repeat',
  },
  PL6012: {
    severity: 'error',
    title: 'a port without permission',
    about:
      'The user may not open the port. On Linux serial ports belong to a group (often dialout or uucp), of which you must be a member.',
    example: 'a fresh account without the group dialout',
    fix: 'sudo usermod -aG dialout $USER, and log in anew',
  },
  PL6013: {
    severity: 'error',
    title: 'no board found',
    about:
      'None of the serial ports belongs to a USB adapter of a board that plastron knows, or nothing at them answers as a board does.',
    example: 'plastron deploy program.plastron --port auto, with nothing plugged in',
    fix: 'plug the board in, or name its port: --port /dev/ttyUSB1; `--port virtual` needs none',
  },
  PL6014: {
    severity: 'error',
    title: 'several boards found',
    about: 'More than one board answers, and nothing says which one is meant.',
    example: 'plastron deploy program.plastron --port auto, with two boards plugged in',
    fix: 'plastron deploy program.plastron --port /dev/ttyUSB1',
  },
  PL6015: {
    severity: 'error',
    title: 'a port that cannot be opened',
    about:
      'The system does not open the port as a serial line, for the reason that the message gives.',
    example: 'plastron deploy program.plastron --port README.md',
    fix: 'plastron deploy program.plastron --port /dev/ttyUSB1',
  },
  PL6016: {
    severity: 'error',
    title: 'a virtual board that is gone',
    about:
      'The thread of the virtual board ended by itself, or does not answer any more. What the board held since it was switched on is not kept: it holds what it held before.',
    example:
      'the computer runs out of memory during `plastron deploy program.plastron --port virtual`',
    fix: 'repeat the command; if it comes back, report it with the message',
  },
  PL6020: {
    severity: 'error',
    title: 'a Program for another device',
    about:
      'A Program is made for one board and one core: the number of lanes, widths, memories. The device at the port says that it is another one. Nothing was written to it.',
    example: 'a Program for fpga:ulx3s-85f, and an icebreaker at the port',
    fix: 'compile for the board that is there, or load the bitstream of the Program',
  },
  PL6030: {
    severity: 'error',
    title: 'memory that does not keep what was written',
    about:
      'All was sent and acknowledged, and the hash that the board then made of its memory is not that of what was sent.',
    example: 'a block RAM at the limit of its clock',
    fix: 'deploy again; if it comes back, make the bitstream for a slower clock: --megahertz',
  },
  PL6031: {
    severity: 'error',
    title: 'a board that computes something else',
    about:
      'After a Program is loaded, some steps are run on the board and on the emulator, with the same inputs. Their outputs differ, so the Program counts as not deployed.',
    example: 'a circuit that misses its timing',
    fix: 'plastron verify model.onnx program.plastron --task TASK --against board says where they differ',
  },
  PL6042: {
    severity: 'error',
    title: 'a Program that no board runs',
    about: 'Only Programs for the FPGA core can be deployed: of other chips there is an emulator.',
    example: 'plastron deploy on-loihi2.plastron --port virtual',
    fix: 'plastron compile rule.onnx --target fpga:icebreaker -o program.plastron',
  },
  PL6022: {
    severity: 'error',
    title: 'not the Program on the board',
    about:
      'The board does not hold the code of this Program: another one was deployed, none was, or it has been switched off since.',
    example: 'plastron checkout other.plastron --port auto -o learned.json',
    fix: 'plastron deploy other.plastron --port auto',
  },
  PL6040: {
    severity: 'error',
    title: 'not a checkpoint of a board',
    about: 'The text is cut short, was altered, or is not what `plastron checkout` writes.',
    example: 'plastron restore program.plastron rule.onnx --port virtual',
    fix: 'plastron restore program.plastron learned.json --port virtual',
  },
  PL6041: {
    severity: 'error',
    title: 'a checkpoint of another Program',
    about:
      'A checkpoint holds the state of one Program, word by word: in another one the words mean something else.',
    example: 'the Program was compiled again with other options since the checkout',
    fix: 'restore it with the Program that it was checked out from',
  },
  PL6043: {
    severity: 'error',
    title: 'a checkpoint that a machine cannot go on from',
    about:
      'A checkpoint can be continued by another Program of the same model: on another chip, another core, with other formats. Its populations and projections have to be those of the checkpoint. Where messages are under way for a step or more, only the Program that was checked out can go on: other machines show no messages.',
    example: 'plastron emulate of-another-model.plastron --from learned.json --task TASK',
    fix: 'plastron compile rule.onnx --target loihi2 -o program.plastron, with the model that was deployed',
  },
  PL6044: {
    severity: 'warning',
    title: 'a checkpoint of another Program',
    about:
      'Weights, traces and variables were put into the formats of this Program, each to the nearest value, and the run goes on from there. It is not bit for bit what the board would do: only the Program that was checked out does that.',
    example: 'plastron emulate on-loihi2.plastron --from learned.json --task TASK',
    fix: 'where it has to be exact, the Program that the checkpoint was checked out from',
  },
} as const satisfies Record<string, CatalogueEntry>;
