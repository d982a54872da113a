import { expect, it } from 'vitest';
import { textIn } from '../../../../targets/fpga/tools/run.js';
import { verilogSources } from '../../../../targets/fpga/tools/sources.js';
import { runYosys } from '../../../../targets/fpga/tools/yosys.js';

/** Receiver, loader and transmitter at 24 clocks a bit, as on the smallest board. */
const TOP = `module line (
    input wire clock, reset, rx, host_ready, host_read_valid, input wire [31:0] host_read_data,
    output wire tx, host_valid, host_write, output wire [23:0] host_address, output wire [31:0] host_data
);
  wire [7:0] in, out;
  wire in_valid, in_ready, out_valid, out_ready;
  uart_receiver receiver (.clock(clock), .reset(reset), .line(rx), .data(in), .valid(in_valid), .ready(in_ready), .misframed(), .overrun());
  uart_transmitter transmitter (.clock(clock), .reset(reset), .data(out), .valid(out_valid), .ready(out_ready), .line(tx));
  loader #(.GREETING(256'h0123456789abcdef)) loader (.clock(clock), .reset(reset), .in(in), .in_valid(in_valid), .in_ready(in_ready),
      .out(out), .out_valid(out_valid), .out_ready(out_ready), .resets(), .host_valid(host_valid), .host_write(host_write),
      .host_address(host_address), .host_data(host_data), .host_ready(host_ready), .host_read_valid(host_read_valid),
      .host_read_data(host_read_data));
endmodule
`;

it('the device’s end of the link takes no more than 460 look-up tables and a block RAM of an iCE40', async () => {
  const {
    'loader.v': loader,
    'uart_receiver.v': receiver,
    'uart_transmitter.v': transmitter,
  } = verilogSources();
  const files = { 'a.v': loader!, 'b.v': receiver!, 'c.v': transmitter!, 'd.v': TOP };
  const script =
    'read_verilog a.v b.v c.v d.v\nsynth_ice40 -device u -top line\ntee -q -o cells.json stat -json\n';
  const { status, files: left } = await runYosys({ files, script, needed: ['yosys'] });
  expect(status).toBe(0);
  const statistics: { design: { num_cells_by_type: Record<string, number> } } = JSON.parse(
    textIn(left, 'cells.json'),
  );
  const { SB_LUT4, SB_RAM40_4K } = statistics.design.num_cells_by_type;
  expect(SB_RAM40_4K).toBe(1);
  expect(SB_LUT4).toBeLessThanOrEqual(460);
});
