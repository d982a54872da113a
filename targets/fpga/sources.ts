import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
