// What node-quickbooks makes of fakeqbo's books. company_test.go fills them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { books, call, cents, sum } from './client.mjs';

const refused = (promise) =>
  promise.then(
    () => assert.fail('it was to be refused'),
    (error) => {
      const fault = (error.response ? error.response.data : error).Fault;
      assert.ok(fault, String(error));
      return fault.Error[0].code;
    },
  );
const since = new Date(Date.now() - 3600_000);

test('open invoices in pages, to the end', async () => {
  const found = await call('findInvoices', [{ field: 'Balance', value: '0', operator: '>' }, { field: 'asc', value: 'Id' }, { field: 'limit', value: 10 }, { field: 'fetchAll', value: true }]);
  const invoices = found.QueryResponse.Invoice;
  assert.equal(invoices.length, 26);
  assert.equal(new Set(invoices.map((one) => one.Id)).size, 26);
  assert.equal(sum(invoices, 'Balance'), 2928_25);
  assert.ok(found.time);
});

test('pages that come out even', async () => {
  const all = await call('findInvoices', { limit: 37, fetchAll: true });
  assert.equal(all.QueryResponse.Invoice.length, 37);
  const none = await call('findInvoices', { limit: 10, offset: 38 });
  assert.deepEqual(none.QueryResponse, {});
});

test('a name with an apostrophe, a count, a pattern', async () => {
  const byName = await call('findCustomers', { DisplayName: "Amy's Bird Sanctuary" });
  assert.equal(byName.QueryResponse.Customer.length, 1);
  assert.equal(byName.QueryResponse.Customer[0].DisplayName, "Amy's Bird Sanctuary");
  const count = await call('findInvoices', { count: true });
  assert.equal(count.QueryResponse.totalCount, 37);
  const like = await call('findCustomers', [{ field: 'DisplayName', value: "O'K%", operator: 'LIKE' }]);
  assert.equal(like.QueryResponse.Customer[0].DisplayName, "O'Keefe & Sons");
  const either = await call('findInvoices', [{ field: 'DocNumber', value: ['2001', '2003'], operator: 'IN' }]);
  assert.equal(either.QueryResponse.Invoice.length, 2);
});

test('company, preferences, lists', async () => {
  const company = await call('getCompanyInfo', process.env.QBO_REALM);
  assert.equal(company.CompanyName, 'Bright Ideas');
  const preferences = await call('getPreferences');
  assert.equal(preferences.CurrencyPrefs.HomeCurrency.value, 'USD');
  assert.ok((await call('findTerms')).QueryResponse.Term.length > 0);
  assert.ok((await call('findAccounts', { AccountType: 'Accounts Receivable' })).QueryResponse.Account.length > 0);
});

test('a sparse update, and the same again from a stale record', async () => {
  const before = await call('getInvoice', '1');
  const change = { Id: before.Id, SyncToken: before.SyncToken, PrivateNote: 'promised for Friday' };
  const after = await call('updateInvoice', { ...change });
  assert.equal(after.PrivateNote, 'promised for Friday');
  assert.notEqual(after.SyncToken, before.SyncToken);
  assert.equal(after.TotalAmt, before.TotalAmt);
  assert.equal(after.CustomerRef.value, before.CustomerRef.value);
  assert.equal(await refused(call('updateInvoice', { ...change })), '5010');
});

test('an invoice is sent', async () => {
  const sent = await call('sendInvoicePdf', '2', 'clerk@customer.example');
  assert.equal(sent.EmailStatus, 'EmailSent');
  assert.equal(sent.BillEmail.Address, 'clerk@customer.example');
  assert.ok(sent.DeliveryInfo.DeliveryTime);
});

const line = (amount) => [{ Amount: amount, DetailType: 'SalesItemLineDetail', SalesItemLineDetail: { ItemRef: { value: '1' } } }];
const newInvoice = (amount, more) => call('createInvoice', { CustomerRef: { value: '1' }, Line: line(amount), ...more });

test('made, paid in part, voided', async () => {
  const made = await newInvoice(250.5);
  assert.equal(cents(made.TotalAmt), 25050);
  assert.equal(cents(made.Balance), 25050);
  await call('createPayment', {
    CustomerRef: { value: '1' }, TotalAmt: 100,
    Line: [{ Amount: 80, LinkedTxn: [{ TxnId: made.Id, TxnType: 'Invoice' }] }],
  });
  const owed = await call('getInvoice', made.Id);
  assert.equal(cents(owed.Balance), 17050);
  assert.equal(owed.LinkedTxn[0].TxnType, 'Payment');
  const payment = await call('getPayment', owed.LinkedTxn[0].TxnId);
  assert.equal(cents(payment.UnappliedAmt), 2000);

  const { Invoice: voided } = await call('voidInvoice', (await newInvoice(10)).Id);
  assert.equal(voided.TotalAmt, 0);
  assert.equal(voided.Balance, 0);
  assert.match(voided.PrivateNote, /^Voided/);
});

test('a write with a request id happens once', async () => {
  const first = await newInvoice(11, { requestId: 'once' });
  const second = await newInvoice(11, { requestId: 'once' });
  assert.equal(second.Id, first.Id);
});

test('a deleted invoice is gone, and change data capture tells', async () => {
  const made = await newInvoice(12);
  const { Invoice: deleted } = await call('deleteInvoice', made.Id);
  assert.equal(deleted.status, 'Deleted');
  assert.equal(await refused(call('getInvoice', made.Id)), '610');
  const changes = await call('changeDataCapture', ['Invoice', 'Payment', 'Customer', 'CreditMemo'], since);
  const answers = changes.CDCResponse[0].QueryResponse;
  const invoices = answers.find((one) => one.Invoice).Invoice;
  const stub = invoices.find((one) => one.Id === made.Id);
  assert.equal(stub.status, 'Deleted');
  assert.equal(stub.domain, 'QBO');
  assert.ok(stub.MetaData.LastUpdatedTime);
  assert.ok(invoices.some((one) => one.Id === '1' && one.PrivateNote === 'promised for Friday'));
  assert.ok(answers.some((one) => one.Payment));
});

test('a batch, each item with its own fault', async () => {
  const { BatchItemResponse: items } = await call('batch', [
    { bId: 'one', Query: "select * from Invoice where Id = '1'" },
    { bId: 'two', Query: 'select * from Nothing' },
    { bId: 'three', operation: 'create', Customer: { DisplayName: 'Made in a batch' } },
  ]);
  const byId = Object.fromEntries(items.map((item) => [item.bId, item]));
  assert.equal(byId.one.QueryResponse.Invoice[0].Id, '1');
  assert.ok(byId.two.Fault.Error[0].code);
  assert.equal(byId.three.Customer.DisplayName, 'Made in a batch');
});

test('names are taken once', async () => {
  assert.equal(await refused(call('createCustomer', { DisplayName: "Amy's Bird Sanctuary" })), '6240');
});

test('the aging reports', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const detail = await call('reportAgedReceivableDetail', { report_date: today, aging_method: 'Report_Date' });
  assert.equal(detail.Header.ReportName, 'AgedReceivableDetail');
  assert.equal(detail.Header.Currency, 'USD');
  const open = await call('findInvoices', [{ field: 'Balance', value: '0', operator: '>' }, { field: 'limit', value: 1000 }]);
  const payments = await call('findPayments', { limit: 1000 });
  const net = sum(open.QueryResponse.Invoice, 'Balance') - sum(payments.QueryResponse.Payment, 'UnappliedAmt');
  const rows = detail.Rows.Row;
  const last = rows[rows.length - 1].Summary.ColData;
  assert.equal(cents(last[last.length - 1].value), net);

  const summary = await call('reportAgedReceivables', { report_date: today });
  const total = summary.Rows.Row.find((row) => row.group === 'GrandTotal').Summary.ColData;
  assert.equal(cents(total[total.length - 1].value), net);
});

test('tokens are refreshed, and given back', async () => {
  const old = books.refreshToken;
  const answer = await call('refreshAccessToken');
  assert.equal(answer.expires_in, 3600);
  assert.notEqual(books.refreshToken, old);
  await call('getInvoice', '1');
  await call('revokeAccess', true);
  const error = await call('getInvoice', '1').then(() => assert.fail('it was to be refused'), (e) => e);
  assert.equal(error.response.status, 401);
  assert.equal(error.response.data.fault.error[0].code, '3200');
});
