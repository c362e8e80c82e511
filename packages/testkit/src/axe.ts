import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** As much of a browser's page as is needed here. */
interface EvaluatingPage {
  evaluate(script: string): Promise<unknown>;
  evaluate<A, R>(work: (argument: A) => Promise<R>, argument: A): Promise<R>;
}

interface Axe {
  run(options: object): Promise<{
    violations: readonly {
      id: string;
      impact: string;
      nodes: readonly { target: readonly string[]; failureSummary: string }[];
    }[];
  }>;
}

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe calls serious or critical on a page, as `rule: where and why`.
 * @param rules these alone; all that axe has where absent
 */
export async function barriersOn(page: EvaluatingPage, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate(async (only: readonly string[] | undefined) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run(only === undefined ? {} : { runOnly: [...only] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
      );
  }, rules);
}

/** Turns the page dark at once: colours on their way from light to dark are neither. */
export const darken = (page: EvaluatingPage): Promise<unknown> =>
  page.evaluate(`{
    const still = document.createElement('style');
    still.textContent = '* { transition: none !important; }';
    document.head.append(still);
    document.documentElement.dataset.mantineColorScheme = 'dark';
  }`);
