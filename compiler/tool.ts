/** Name and version of this tool, as written into Programs and certificates; the version is that of package.json. */
export const TOOL = 'plastron 0.1.0';
