/**
 * What a platform with CTI needs of a line, and what the cloud keeps of a user's telephone settings. Secrets of a PBX
 * configuration (CTI, trunk) leave the JSON and are sealed like those of the lines.
 */
export const name = '0004-telephone';

export const up = `
  ALTER TABLE pbx_configs ADD COLUMN secrets bytea;
  ALTER TABLE lines
    ADD COLUMN main_number text CHECK (main_number <> ''),
    ADD COLUMN desk_phone text CHECK (desk_phone <> ''),
    ADD COLUMN kept jsonb NOT NULL DEFAULT '{}';
`;
