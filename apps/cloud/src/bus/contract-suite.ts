import { OffhookError } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { NoResponder, type Bus, type RequestTopic, type Topic } from './bus.ts';

const Message = z.object({ text: z.string(), extra: z.number().optional() });
const topic = (subject: string): Topic<z.infer<typeof Message>> => ({ subject, message: Message });
const question = (subject: string): RequestTopic<{ text: string }, { text: string }> => ({
  subject,
  question: z.object({ text: z.string() }),
  answer: z.object({ text: z.string() }),
});

/**
 * What every bus must do. `settle` resolves when everything published before has been delivered; `errors` are
 * those that the bus reported.
 */
export function busContract(
  name: string,
  open: () => Promise<{ bus: Bus; settle: () => Promise<void>; errors: unknown[] }>,
): void {
  describe(`bus contract: ${name}`, () => {
    test('a message reaches every subscriber of its subject, in order, and nobody else', async () => {
      const { bus, settle } = await open();
      const [first, second, other] = [[], [], []] as string[][];
      bus.subscribe(topic('tenant.a.x'), ({ text }) => first?.push(text));
      bus.subscribe(topic('tenant.a.x'), ({ text }) => second?.push(text));
      bus.subscribe(topic('tenant.b.x'), ({ text }) => other?.push(text));
      for (const text of ['1', '2', '3']) bus.publish(topic('tenant.a.x'), { text });
      await settle();
      expect(first).toEqual(['1', '2', '3']);
      expect(second).toEqual(['1', '2', '3']);
      expect(other).toEqual([]);
    });

    test('delivery never happens within publish', async () => {
      const { bus, settle } = await open();
      const seen: string[] = [];
      bus.subscribe(topic('s'), ({ text }) => seen.push(text));
      bus.publish(topic('s'), { text: 'x' });
      expect(seen).toEqual([]);
      await settle();
      expect(seen).toEqual(['x']);
    });

    test('a subscriber has a copy: what it does to a message is nobody else’s business', async () => {
      const { bus, settle } = await open();
      const seen: unknown[] = [];
      const message = { text: 'x' };
      bus.subscribe(topic('s'), (got) => {
        got.text = 'changed';
      });
      bus.subscribe(topic('s'), (got) => seen.push(got));
      bus.publish(topic('s'), message);
      message.text = 'changed too';
      await settle();
      expect(seen).toEqual([{ text: 'x' }]);
    });

    test('who has unsubscribed hears no more; who subscribes later hears nothing of before', async () => {
      const { bus, settle } = await open();
      const seen: string[] = [];
      const unsubscribe = bus.subscribe(topic('s'), ({ text }) => seen.push(text));
      bus.publish(topic('s'), { text: 'lost' });
      unsubscribe();
      bus.subscribe(topic('s'), ({ text }) => seen.push(`late ${text}`));
      await settle();
      bus.publish(topic('s'), { text: 'new' });
      await settle();
      expect(seen).toEqual(['late new']);
    });

    test('a handler that throws and a message of the wrong shape are reported and stop nobody', async () => {
      const { bus, settle, errors } = await open();
      const seen: string[] = [];
      bus.subscribe(topic('s'), () => {
        throw new Error('handler');
      });
      bus.subscribe(topic('s'), ({ text }) => seen.push(text));
      bus.publish({ subject: 's', message: z.unknown() }, { wrong: true });
      bus.publish(topic('s'), { text: 'right' });
      await settle();
      expect(seen).toEqual(['right']);
      expect(errors).toHaveLength(3);
    });

    test('a request is answered by the responder', async () => {
      const { bus } = await open();
      bus.respond(question('q'), async ({ text }) => ({ text: `${text}!` }));
      expect(await bus.request(question('q'), { text: 'hello' }, 1_000)).toEqual({ text: 'hello!' });
    });

    test('without a responder a request fails at once', async () => {
      const { bus } = await open();
      await expect(bus.request(question('q'), { text: '' }, 60_000)).rejects.toBeInstanceOf(NoResponder);
      const gone = bus.respond(question('q'), async ({ text }) => ({ text }));
      gone();
      await expect(bus.request(question('q'), { text: '' }, 60_000)).rejects.toBeInstanceOf(NoResponder);
    });

    test('the code of what a responder throws crosses; anything else is internal', async () => {
      const { bus } = await open();
      const failing = bus.respond(question('q'), async () => {
        throw new OffhookError('call_not_found');
      });
      await expect(bus.request(question('q'), { text: '' }, 1_000)).rejects.toMatchObject({
        code: 'call_not_found',
      });
      failing();
      bus.respond(question('q'), async () => {
        throw new Error('secret detail');
      });
      const refusal = await bus.request(question('q'), { text: '' }, 1_000).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'internal' });
      expect((refusal as Error).message).not.toContain('secret detail');
    });

    test('a responder that does not answer in time is given up', async () => {
      const { bus } = await open();
      bus.respond(question('q'), () => new Promise(() => {}));
      await expect(bus.request(question('q'), { text: '' }, 10)).rejects.toMatchObject({ code: 'timeout' });
    });

    test('a roll call gathers everybody who answers in time', async () => {
      const { bus } = await open();
      expect(await bus.gather(question('q'), { text: '' }, 10)).toEqual([]);
      bus.respond(question('q'), async () => ({ text: 'one' }));
      bus.respond(question('q'), () => new Promise(() => {}));
      bus.respond(question('q'), async () => ({ text: 'two' }));
      bus.respond(question('q'), async () => {
        throw new OffhookError('internal');
      });
      const answers = await bus.gather(question('q'), { text: '' }, 20);
      expect(answers.map((answer) => answer.text).toSorted()).toEqual(['one', 'two']);
    });
  });
}
