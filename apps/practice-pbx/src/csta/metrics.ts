import type { CstaLimit } from '@offhook/csta-node';

/** In the text format that Prometheus reads. */
export function cstaMetricsText(counts: {
  readonly applications: number;
  readonly monitors: number;
  readonly limits: Readonly<Partial<Record<CstaLimit, number>>>;
}): string {
  const { applications, monitors, limits } = counts;
  return [
    `# TYPE offhook_pbx_csta_applications gauge\noffhook_pbx_csta_applications ${applications}\n`,
    `# TYPE offhook_pbx_csta_monitors gauge\noffhook_pbx_csta_monitors ${monitors}\n`,
    '# TYPE offhook_pbx_csta_limit_total counter\n',
    ...Object.entries(limits).map(
      ([limit, times]) => `offhook_pbx_csta_limit_total{limit="${limit}"} ${times}\n`,
    ),
  ].join('');
}
