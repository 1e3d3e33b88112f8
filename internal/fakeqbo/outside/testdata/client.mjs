// node-quickbooks, pointed at fakeqbo.
import QuickBooks from 'node-quickbooks';

const { QBO_URL: url, QBO_REALM: realm, QBO_CLIENT_ID: id, QBO_CLIENT_SECRET: secret, QBO_ACCESS: access, QBO_REFRESH: refresh } = process.env;
QuickBooks.V3_ENDPOINT_BASE_URL = `${url}/v3/company/`;
QuickBooks.TOKEN_URL = `${url}/oauth2/v1/tokens/bearer`;
QuickBooks.REVOKE_URL = `${url}/v2/oauth2/tokens/revoke`;

export const books = new QuickBooks(id, secret, access, false, realm, true, false, 75, '2.0', refresh);

// call makes a promise of a method that wants a callback.
export const call = (method, ...args) =>
  new Promise((resolve, reject) => {
    books[method](...args, (error, answer) => (error ? reject(error) : resolve(answer)));
  });

export const cents = (amount) => Math.round(amount * 100);
export const sum = (list, field) => list.reduce((total, one) => total + cents(one[field]), 0);
