/**
 * Pure: the circles in a graph of files, one for each strongly connected group (Tarjan), each as a path that ends
 * where it began.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();

  const visit = (node: string): void => {
    const mine = index.size;
    index.set(node, mine);
    low.set(node, mine);
    stack.push(node);
    onStack.add(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node) ?? mine, low.get(next) ?? mine));
      } else if (onStack.has(next)) {
        low.set(node, Math.min(low.get(node) ?? mine, index.get(next) ?? mine));
      }
    }
    if (low.get(node) === mine) {
      const group = new Set(stack.splice(stack.indexOf(node)));
      for (const member of group) {
        onStack.delete(member);
      }
      if (group.size > 1 || (graph.get(node) ?? []).includes(node)) {
        found.push(shortestCircle(node, group, graph));
      }
    }
  };
  for (const node of graph.keys()) {
    if (!index.has(node)) {
      visit(node);
    }
  }
  return found;
}

/** Breadth first from `start` back to itself inside its group. */
function shortestCircle(
  start: string,
  group: ReadonlySet<string>,
  graph: ReadonlyMap<string, readonly string[]>,
): string[] {
  const paths: string[][] = [[start]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const next of graph.get(path.at(-1) ?? start) ?? []) {
      if (next === start) {
        return [...path, start];
      }
      if (group.has(next) && !seen.has(next)) {
        seen.add(next);
        paths.push([...path, next]);
      }
    }
  }
  return [start];
}
