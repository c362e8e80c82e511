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

  test('a list of 10,000 clients comes in pages, and holds with the last of them', () => {
    const presence = new ClientPresence();
    const clients = Array.from({ length: 10_000 }, (_, index) => ({
      userId: id.user(`user-${String(index)}`),
      clientId: id.client('tab'),
    }));
    const [first = tab, second = tab] = clients;
    for (let from = 0; from < clients.length; from += 1_000) {
      expect(presence.presenceOf(first)).toBe('unknown');
      presence.page(clients.slice(from, from + 1_000), from + 1_000 < clients.length, 0);
      // The cloud goes on telling who comes and goes.
      if (from === 0) {
        presence.left(first, 0);
        presence.joined(tab);
      }
    }
    expect(presence.presenceOf(first)).toBe('absent');
    expect(presence.presenceOf(tab)).toBe('present');
    expect(clients.filter((client) => presence.presenceOf(client) === 'present')).toHaveLength(9_999);
    presence.page([second], false, 0);
    expect(clients.filter((client) => presence.presenceOf(client) === 'present')).toEqual([second]);
  });

  test('a list that a broken link has cut off is forgotten', () => {
    const presence = new ClientPresence();
    presence.page([tab], true, 0);
    presence.linkLost(0);
    presence.page([], false, 0);
    expect(presence.presenceOf(tab)).toBe('absent');
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
