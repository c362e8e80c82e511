import { ErrorBody, UsageQuery, UsageReport, type UsageLine } from '@offhook/contract';
import { writeCsv, type CsvCell } from '@offhook/subscribers';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { formatOf, sendFile } from '../http/exports.ts';
import type { UsageStore } from './usage-store.ts';

/** What is billed: for a tenant's administrators their own, for the provider everybody's. */
export function usageRoutes(app: App, store: UsageStore): void {
  const response = { 200: UsageReport, 400: ErrorBody, 401: ErrorBody, 403: ErrorBody };

  app.route({
    method: 'GET',
    url: '/api/admin/usage',
    config: { access: 'usage.read' },
    schema: { summary: 'Usage of the tenant by month, as JSON or CSV', querystring: UsageQuery, response },
    handler: async (request, reply) => {
      const { month, format } = request.query;
      const lines = await store.ofTenant(personOf(request).tenantId, Date.now(), month);
      return sendUsage(request, reply, lines, month === undefined ? 'usage' : `usage-${month}`, format);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/provider/usage',
    config: { access: 'provider.usage.read' },
    schema: {
      summary: 'Usage of all tenants in one month, as JSON or CSV',
      querystring: UsageQuery,
      response,
    },
    handler: async (request, reply) => {
      const { format } = request.query;
      const now = Date.now();
      const month = request.query.month ?? (await store.currentMonth(personOf(request).tenantId, now));
      return sendUsage(request, reply, await store.ofAll(now, month), `usage-${month}`, format);
    },
  });
}

function sendUsage(
  request: FastifyRequest,
  reply: FastifyReply,
  lines: UsageLine[],
  name: string,
  asked: UsageQuery['format'],
): FastifyReply | UsageReport {
  const format = formatOf(request, asked, ['json', 'csv']);
  if (format === 'csv') return sendFile(reply, name, format, writeCsv(headings, lines.map(cells)));
  void reply.header('vary', 'Accept');
  return { lines };
}

/** Amounts are in the currency's smallest unit, as in JSON: a decimal point means something else in other countries' spreadsheets. */
const headings = [
  'Tenant ID',
  'Tenant',
  'Month',
  'Platform',
  'Time zone',
  'Seats',
  'User days',
  'Days in month',
  'User months',
  'Price (smallest unit)',
  'Amount (smallest unit)',
  'Currency',
  'Closed',
];

const cells = (line: UsageLine): CsvCell[] => [
  line.tenantId,
  line.tenantName,
  line.month,
  line.platform,
  line.timeZone,
  line.seats,
  line.userDays,
  line.daysInMonth,
  line.userMonths.toFixed(4),
  line.price.amount,
  line.amount,
  line.price.currency,
  line.closed,
];
