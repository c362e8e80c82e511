import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

const folders = { repository: '/repo', cwd: '/home/anna' };
const read = (args: string[], env: Record<string, string> = {}) => readOptions(args, env, folders);
const run = (args: string[], env: Record<string, string> = {}) => {
  const reading = read(args, env);
  if (reading.kind !== 'run') {
    throw new Error(`not run but ${reading.kind}`);
  }
  return reading.options;
};
const refusal = (args: string[], env: Record<string, string> = {}) => {
  const reading = read(args, env);
  return reading.kind === 'refused' ? reading.text : undefined;
};

describe('options of ./start', () => {
  it('[start-defaults] runs on the usual ports with the data folder in the repository', () => {
    const options = run([]);
    expect(options.dataDir).toBe('/repo/.data');
    expect(options.ports).toMatchObject({ cloud: 8470, pbxSip: 5070, pbxHttp: 8471 });
  });

  it('[start-free-ports] --port 0 makes every port free that is not set otherwise', () => {
    expect(run(['--port', '0'], { OFFHOOK_PBX_SIP_PORT: '5099' }).ports).toEqual({
      cloud: 0,
      pbxSip: 5099,
      pbxHttp: 0,
      pbxCsta: 0,
      mediaUdp: 0,
      connectorHttp: 0,
    });
  });

  it('[start-precedence] an option wins over its variable, and paths are relative to the caller', () => {
    const options = run(['--port', '9000', '--data-dir', 'x'], {
      OFFHOOK_PORT: '1',
      OFFHOOK_DATA_DIR: '/elsewhere',
    });
    expect(options.ports.cloud).toBe(9000);
    expect(options.dataDir).toBe('/home/anna/x');
  });

  it('[start-bad-port] names the option or variable that is wrong', () => {
    expect(refusal(['--port', '70000'])).toMatch(/^--port must be a port number .*"70000"/u);
    expect(refusal([], { OFFHOOK_PBX_HTTP_PORT: 'http' })).toMatch(/^OFFHOOK_PBX_HTTP_PORT must be/u);
  });

  it('[start-bad-option] an unknown option is refused with the way to the help', () => {
    expect(refusal(['--prot', '1'])).toMatch(/--prot.*--help/u);
  });

  it('[start-help] help is no start', () => {
    expect(read(['--help']).kind).toBe('help');
  });
});
