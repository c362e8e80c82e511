import { describe, expect, it } from 'vitest';
import { cstaMetricsText } from './metrics.ts';

describe('metrics of the CSTA server', () => {
  it('are lines that Prometheus reads', () => {
    const text = cstaMetricsText({ applications: 2, monitors: 300, limits: { links: 1, silence_time: 0 } });
    expect(text.trimEnd().split('\n')).toEqual([
      '# TYPE offhook_pbx_csta_applications gauge',
      'offhook_pbx_csta_applications 2',
      '# TYPE offhook_pbx_csta_monitors gauge',
      'offhook_pbx_csta_monitors 300',
      '# TYPE offhook_pbx_csta_limit_total counter',
      'offhook_pbx_csta_limit_total{limit="links"} 1',
      'offhook_pbx_csta_limit_total{limit="silence_time"} 0',
    ]);
  });
});
