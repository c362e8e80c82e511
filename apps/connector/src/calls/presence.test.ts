import { describe, expect, test } from 'vitest';
import { id } from '../testing/ids.ts';
import { ClientPresence } from './presence.ts';

const userId = id.user('anna');
const tab = { userId, clientId: id.client('tab') };

describe('which clients are there', () => {
  test('before the cloud has told, nothing is known and nobody reachable', () => {
    const presence = new ClientPresence();
    expect(presence.presenceOf(tab)).toBe('unknown');
    expect(presence.reachable(userId, 0)).toBe(false);
  });

  test('clients join and leave', () => {
    const presence = new ClientPresence();
    presence.snapshot([], 0);
    expect(presence.presenceOf(tab)).toBe('absent');
    presence.joined(tab);
    expect(presence.presenceOf(tab)).toBe('present');
    expect(presence.reachable(userId, 0)).toBe(true);
    presence.left(tab, 1_000);
    expect(presence.presenceOf(tab)).toBe('absent');
    expect(presence.online(userId)).toBe(false);
  });

  test('who reloads the only window stays reachable for 5 s', () => {
    const presence = new ClientPresence();
    presence.snapshot([tab], 0);
    presence.left(tab, 1_000);
    expect(presence.reachable(userId, 5_999)).toBe(true);
    expect(presence.reachable(userId, 6_000)).toBe(false);
  });

  test('who has a second window is there all the time', () => {
    const presence = new ClientPresence();
    presence.snapshot([tab, { userId, clientId: id.client('other') }], 0);
    presence.left(tab, 1_000);
    expect(presence.reachable(userId, 60_000)).toBe(true);
  });

  test('while the link is down a client is unknown, and reachable for a grace of 15 s', () => {
    const presence = new ClientPresence();
    presence.snapshot([tab], 0);
    presence.linkLost(1_000);
    expect(presence.presenceOf(tab)).toBe('unknown');
    expect(presence.reachable(userId, 15_999)).toBe(true);
    expect(presence.reachable(userId, 16_000)).toBe(false);
  });

  test('after the cloud came back its clients get the same grace to come back, too', () => {
    const presence = new ClientPresence();
    presence.snapshot([tab], 0);
    presence.linkLost(1_000);
    presence.snapshot([], 60_000);
    expect(presence.presenceOf(tab)).toBe('absent');
    expect(presence.reachable(userId, 74_999)).toBe(true);
    expect(presence.reachable(userId, 75_000)).toBe(false);
  });
});
