// What Intuit's own client makes of fakeqbo's sign-in. signin_test.go arms the faults
// and looks at what is left behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OAuthClient from 'intuit-oauth';

const { QBO_URL: url, QBO_REALM: realm, QBO_CLIENT_ID: clientId, QBO_CLIENT_SECRET: clientSecret, QBO_REDIRECT: redirectUri } = process.env;
OAuthClient.authorizeEndpoint = `${url}/connect/oauth2`;
OAuthClient.tokenEndpoint = `${url}/oauth2/v1/tokens/bearer`;
OAuthClient.revokeEndpoint = `${url}/v2/oauth2/tokens/revoke`;
OAuthClient.environment.sandbox = `${url}/`;
OAuthClient.retryConfig.retryDelay = 1; // milliseconds

const app = { clientId, clientSecret, environment: 'sandbox', redirectUri };
const intuit = new OAuthClient({ ...app, includeRefreshTokenHardExpiresIn: true });

// consent is the browser: it opens the page and comes back.
const consent = async (client) => {
  const page = await fetch(client.authorizeUri({ scope: [OAuthClient.scopes.Accounting], state: 'mine' }), { redirect: 'manual' });
  assert.equal(page.status, 302, await page.text());
  return page.headers.get('location');
};
const refused = (promise) => promise.then(() => assert.fail('it was to be refused'), (error) => error);
const invoice = (id) => `v3/company/${realm}/invoice/${id}`;

test('a code is exchanged once, also after a 503', async () => {
  const back = await consent(intuit);
  assert.ok(back.startsWith(`${redirectUri}?`), back);
  const token = (await intuit.createToken(back)).getJson();
  assert.equal(token.token_type, 'bearer');
  assert.equal(token.expires_in, 3600);
  assert.equal(token.x_refresh_token_expires_in, 8726400);
  assert.ok(token.x_refresh_token_hard_expires_in > 1820 * 24 * 3600);
  assert.equal(intuit.getToken().realmId, realm);
  assert.equal(intuit.getToken().state, 'mine');
  assert.ok(intuit.isAccessTokenValid());

  const other = new OAuthClient(app);
  const again = await refused(other.createToken(back));
  assert.equal(again.error, 'invalid_grant');
  assert.ok(again.intuit_tid);
});

test('the hard expiry is told to those who ask', async () => {
  const other = new OAuthClient(app);
  const token = (await other.createToken(await consent(other))).getJson();
  assert.equal(token.x_refresh_token_hard_expires_in, undefined);
});

test('a refresh replaces the token, and the old one is dead', async () => {
  const first = intuit.getToken().refresh_token;
  const second = (await intuit.refresh()).getJson().refresh_token;
  assert.notEqual(second, first);
  const error = await refused(intuit.refreshUsingToken(first));
  assert.equal(error.error, 'invalid_grant');
  assert.equal(error.error_description, 'Incorrect or invalid refresh token');
  assert.ok(error.intuit_tid);
  const third = (await intuit.refreshUsingToken(second)).getJson().refresh_token;
  assert.notEqual(third, second);
});

test('a wrong secret', async () => {
  const error = await refused(new OAuthClient({ ...app, clientSecret: 'wrong' }).refreshUsingToken(intuit.getToken().refresh_token));
  assert.equal(error.error, 'invalid_client');
});

test('a call', async () => {
  const answer = await intuit.makeApiCall({ url: invoice(1) });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.Invoice.Id, '1');
  assert.equal(answer.json.Invoice.DocNumber, '2001');
  assert.ok(answer.headers.intuit_tid);
});

test('refusals', async () => {
  const gone = await refused(intuit.makeApiCall({ url: invoice(99999) }));
  assert.equal(gone.code, '610');
  assert.equal(gone.faultType, 'ValidationFault');
  assert.equal(gone.fault.errors[0].message, 'Object Not Found');
  assert.ok(gone.intuitTid ?? gone.intuit_tid);
  const code = async (id, more) => (await refused(intuit.makeApiCall({ url: invoice(id), ...more }))).code;
  assert.equal(await code(1001), 'RATE_LIMIT_EXCEEDED'); // a 429 in XML
  assert.equal(await code(1002), '403');
  assert.equal(await code(1003), 'INTERNAL_SERVER_ERROR');
  assert.equal(await code(1004), '6190');
  assert.equal(await code(1005, { timeout: 200 }), 'TIMEOUT_ERROR');
});

test('another company', async () => {
  const error = await refused(intuit.makeApiCall({ url: 'v3/company/1/invoice/1' }));
  assert.equal(error.code, '403');
});

test('tokens that are given back are dead', async () => {
  const { access_token, refresh_token } = intuit.getToken();
  await intuit.revoke({ refresh_token });
  const stranger = new OAuthClient(app);
  stranger.setToken({ access_token, refresh_token });
  assert.equal((await refused(stranger.makeApiCall({ url: invoice(1) }))).code, '401');
  assert.equal((await refused(stranger.refreshUsingToken(refresh_token))).error, 'invalid_grant');
});
