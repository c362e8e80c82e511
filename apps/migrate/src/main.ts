#!/usr/bin/env node
import { setTimeout as delay } from 'node:timers/promises';
import { run } from './cli.ts';

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  fetch,
  random: Math.random,
  wait: (milliseconds) => delay(milliseconds),
});
