import path from 'node:path';
import { startProcess } from '@offhook/testkit';
import { expect, it } from 'vitest';
import { repository } from '../src/product.ts';
import { foreignPassword, startPracticePbx } from './practice-pbx.ts';

const example = path.join(repository, 'packages/sip-node/examples/user-agent.ts');

it('[readme-example] the example in the README registers at the practice PBX, calls the echo, and leaves on Ctrl-C', async () => {
  await using pbx = await startPracticePbx();
  const phone = startProcess(process.execPath, [example, '301', foreignPassword, pbx.sip, '600']);
  await phone.waitFor(/name: 'registered'/u);
  await phone.waitFor(/they have answered/u);
  phone.send('SIGINT');
  await phone.waitFor(/name: 'unregistered'/u);
  expect(await phone.ended).toMatchObject({ code: 0 });
  expect(phone.output()).not.toContain('failed');
});

it('[readme-example] with a wrong password it says what is wrong', async () => {
  await using pbx = await startPracticePbx();
  const phone = startProcess(process.execPath, [example, '301', 'wrong', pbx.sip]);
  await phone.waitFor(/status: 401/u);
  await phone.stop();
  expect(phone.output()).toContain('Unauthorized');
});
