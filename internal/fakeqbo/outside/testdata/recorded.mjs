// What node-quickbooks reads of a recorded company.
import assert from 'node:assert/strict';
import { call, sum } from './client.mjs';

const open = await call('findInvoices', [{ field: 'Balance', value: '0', operator: '>' }, { field: 'limit', value: 10 }, { field: 'fetchAll', value: true }]);
const invoices = open.QueryResponse.Invoice;
assert.equal(invoices.length, 26);
assert.equal(sum(invoices, 'Balance'), 5881_52);

const all = await call('findInvoices', { limit: 1000 });
assert.equal(all.QueryResponse.Invoice.length, 37);
const customers = (await call('findCustomers', { limit: 1000 })).QueryResponse.Customer;
const awkward = customers.map((one) => one.DisplayName).filter((name) => name.includes("'"));
assert.equal(awkward.length, 3);
for (const name of awkward) {
  const found = await call('findCustomers', { DisplayName: name });
  assert.deepEqual(found.QueryResponse.Customer.map((one) => one.DisplayName), [name]);
}
const detail = await call('reportAgedReceivableDetail', { report_date: '2026-05-08' });
assert.equal(detail.Header.ReportName, 'AgedReceivableDetail');
const summary = await call('reportAgedReceivables', { report_date: '2026-05-08' });
const total = summary.Rows.Row.find((row) => row.group === 'GrandTotal').Summary.ColData;
assert.equal(total[total.length - 1].value, '5281.52');
const rows = detail.Rows.Row;
assert.equal(rows[rows.length - 1].Summary.ColData.at(-1).value, '5281.52');
