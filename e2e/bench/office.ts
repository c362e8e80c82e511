import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPostgres } from '@offhook/embedded-postgres';
import { Pool } from 'pg';
import { startProduct, type Product } from '../src/product.ts';

export interface Office extends AsyncDisposable {
  readonly product: Product;
}

/**
 * The whole product with as many colleagues and calls of Anna's as are asked for beside those of the practice office. They are written by the tables' owner:
 * nothing of the product is gone round when they are read.
 */
export async function openOffice(contacts: number, calls: number): Promise<Office> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'offhook-bench-'));
  const server = await openPostgres({ dataDir: path.join(dataDir, 'database') });
  const options = { dataDir: path.join(dataDir, 'product'), env: { DATABASE_URL: server.url } };
  // Once to make the practice office, and again: the cloud keeps a directory that it has read for a while.
  await (await startProduct(options)).close();
  const pool = new Pool({ connectionString: server.url, max: 1 });
  await pool.query(
    `INSERT INTO users (tenant_id, user_id, email, name, role, created_at, activated_at)
     SELECT anna.tenant_id, 'bench' || n, 'bench' || n || '@demo.example',
            (ARRAY['Nora','Ben','Jürgen','Łucja','Clara','David','Eva','Finn','Gerda','Hans'])[1 + n % 10] || ' ' ||
            (ARRAY['Berger','Carter','Müller','Weiß','Anders','Schmidt','Vogel'])[1 + n % 7] || ' ' || md5(n::text),
            'user', n, n
       FROM generate_series(1, $1::int) n, users anna WHERE anna.email = 'anna@demo.example'`,
    [contacts],
  );
  // At a connector of their own, which nobody starts: Anna's registers the lines of the practice office.
  await pool.query(
    `INSERT INTO connectors (tenant_id, connector_id, name)
     SELECT tenant_id, 'bench', 'Bench' FROM users WHERE email = 'anna@demo.example'`,
  );
  await pool.query(
    `INSERT INTO lines (tenant_id, line_id, connector_id, user_id, number, display_name, auth_user, secret)
     SELECT tenant_id, 'bench' || n, 'bench', 'bench' || n, (100000 + n)::text, 'x', 'x', '\\x00'
       FROM generate_series(1, $1::int) n, users WHERE email = 'anna@demo.example'`,
    [contacts],
  );
  await pool.query(
    `INSERT INTO call_records (tenant_id, record_id, user_id, connector_id, call_id, correlation_id, direction, remote_number,
                               remote_name, started_at, answered_at, ended_at, cause)
     SELECT u.tenant_id, 'bench' || n, u.user_id, l.connector_id, 'bench' || n, 'bench' || n,
            (ARRAY['outgoing','incoming'])[1 + n % 2], (100000 + n)::text, 'Person ' || n,
            $2::bigint - n * 600000::bigint, CASE WHEN n % 3 > 0 THEN $2::bigint - n * 600000::bigint + 5000 END,
            $2::bigint - n * 600000::bigint + 65000, CASE WHEN n % 3 > 0 THEN 'completed' ELSE 'cancelled' END
       FROM generate_series(1, $1::int) n, users u JOIN lines l USING (tenant_id, user_id) WHERE u.email = 'anna@demo.example'`,
    [calls, Date.now()],
  );
  await pool.query('ANALYZE');
  await pool.end();
  const product = await startProduct(options);
  return {
    product,
    async [Symbol.asyncDispose]() {
      await product.close();
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
