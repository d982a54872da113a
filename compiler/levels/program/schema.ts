import protobuf from 'protobufjs';

/** The file format of a Program, as protobuf text. Field numbers are never reused; `PROGRAM_VERSION` grows on a break. */
export const PROGRAM_SCHEMA = `
syntax = "proto3";
message Field { string name = 1; string format = 2; bool clear = 3; repeated sint64 initial = 4 [packed = true]; }
message Group {
  uint32 population = 1; uint32 first = 2; uint32 count = 3; uint32 phase = 4; uint32 entry = 5;
  repeated Field fields = 6; uint32 traces = 7;
}
message Block {
  uint32 projection = 1; uint32 pre = 2; uint32 group = 3;
  repeated uint32 rowStart = 4 [packed = true]; repeated uint32 columns = 5 [packed = true];
  string weightFormat = 6; repeated sint32 weights = 7 [packed = true];
  string tagFormat = 8; repeated sint32 tags = 9 [packed = true];
  repeated uint32 profiles = 10 [packed = true]; repeated sint32 coefficients = 11 [packed = true];
  uint32 wordsPerProfile = 12; uint32 accumulator = 13; uint32 delay = 14; bool send = 15; uint32 every = 16;
  sint32 entry = 17; string scale = 18;
}
message Table { sint64 first = 1; uint32 shift = 2; repeated sint32 entries = 3 [packed = true]; }
message Core {
  uint32 index = 1; repeated fixed32 neuronCode = 2 [packed = true]; repeated fixed32 learningCode = 3 [packed = true];
  repeated Table tables = 4; repeated Group groups = 5; repeated Block blocks = 6;
  repeated fixed32 controlCode = 7 [packed = true];
}
message Trace { string format = 1; sint32 initial = 2; sint32 offset = 3; }
message Population {
  string name = 1; uint32 size = 2; bool input = 3; uint32 phase = 4; string payloadFormat = 5; repeated Trace traces = 6;
}
message Port {
  uint32 population = 1; uint32 field = 2; string format = 3; repeated double mean = 4 [packed = true];
  repeated double deviation = 5 [packed = true]; double scale = 6; bool clipped = 7; double clip = 8;
}
message Modulator { string format = 1; sint32 offset = 2; }
message Projection { string name = 1; uint32 index = 2; }
message Place { uint32 core = 1; uint32 index = 2; }
message Route { uint32 population = 1; repeated uint32 cores = 2 [packed = true]; }
message Symbol {
  string kind = 1; string owner = 2; string name = 3; string memory = 4; uint32 field = 5; string format = 6;
  repeated Place places = 7;
}
message Source {
  uint32 core = 1; string memory = 2; uint32 address = 3; string file = 4; uint32 line = 5; uint32 column = 6; uint32 length = 7;
}
message Provenance { string network = 1; string calibration = 2; string options = 3; repeated string hashes = 4; }
message Parameter { string name = 1; double value = 2; }
message Program {
  fixed32 magic = 1; uint32 version = 2; string tool = 3; string target = 4; string capabilities = 5; string name = 6;
  uint32 phases = 7; repeated Population populations = 8; repeated Projection projections = 9; repeated Port inputs = 10;
  repeated Port outputs = 11; Modulator modulator = 12; repeated Core cores = 13; repeated Symbol symbols = 14;
  repeated Source sources = 15; Provenance provenance = 16; repeated Route routes = 17;
  repeated Parameter parameters = 18;
}`;

/** The first field of every Program: "PLST" read as a little-endian word. */
export const PROGRAM_MAGIC = 0x54534c50;

export const programType = protobuf
  .parse(PROGRAM_SCHEMA, { keepCase: true })
  .root.lookupType('Program');
