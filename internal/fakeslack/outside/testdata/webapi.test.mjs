// What @slack/web-api makes of fakeslack: calls, errors, paging, waiting, uploads.
// webapi_test.go prepares the workspace and looks at what is left behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogLevel, WebClient } from '@slack/web-api';

const { SLACK_API_URL: slackApiUrl, SLACK_BOT_TOKEN: token } = process.env;
const quick = { slackApiUrl, logLevel: LogLevel.ERROR, retryConfig: { retries: 2, minTimeout: 1, maxTimeout: 1 } };
const slack = new WebClient(token, quick);

const refusal = (promise) =>
  promise.then(
    () => assert.fail('the call was to be refused'),
    (error) => {
      assert.equal(error.code, 'slack_webapi_platform_error', String(error));
      return error.data;
    },
  );
const refusedAs = async (code, promise) => assert.equal((await refusal(promise)).error, code);

const section = (text) => ({ type: 'section', text: { type: 'plain_text', text } });

test('auth.test', async () => {
  const me = await slack.auth.test();
  assert.equal(me.user_id, 'U0ARBOT');
  assert.equal(me.team_id, 'T0ACME');
  assert.ok(me.response_metadata.scopes.includes('chat:write'));
  await refusedAs('invalid_auth', new WebClient('xoxb-other', quick).auth.test());
  await refusedAs('not_authed', new WebClient(undefined, quick).auth.test());
});

test('a message with blocks and metadata, changed, answered in its thread, found again', async () => {
  const metadata = { event_type: 'ar_digest', event_payload: { id: 'digest-1', part: 2 } };
  const posted = await slack.chat.postMessage({ channel: 'C0AR', text: 'First', blocks: [section('First')], metadata, unfurl_links: false });
  assert.equal(posted.channel, 'C0AR');
  assert.match(posted.ts, /^\d{10}\.\d{6}$/);
  assert.equal(posted.message.blocks[0].text.text, 'First');
  assert.deepEqual(posted.message.metadata, metadata);
  const reply = await slack.chat.postMessage({ channel: 'C0AR', text: 'Reply', thread_ts: posted.ts });
  assert.equal(reply.message.thread_ts, posted.ts);
  const changed = await slack.chat.update({ channel: 'C0AR', ts: posted.ts, text: 'Changed', blocks: [section('Changed')] });
  assert.equal(changed.ts, posted.ts);

  const bare = await slack.conversations.history({ channel: 'C0AR', oldest: posted.ts, inclusive: true });
  const told = await slack.conversations.history({ channel: 'C0AR', oldest: posted.ts, inclusive: true, include_all_metadata: true });
  const full = told.messages.find((m) => m.ts === posted.ts);
  assert.equal(bare.messages.find((m) => m.ts === posted.ts).metadata, undefined);
  assert.deepEqual(full.metadata, metadata);
  assert.equal(full.text, 'Changed');
  assert.equal(full.reply_count, 1);
  assert.equal(full.thread_ts, posted.ts);
  assert.ok(!told.messages.some((m) => m.ts === reply.ts), 'a reply is not part of the channel');
  const thread = await slack.conversations.replies({ channel: 'C0AR', ts: posted.ts });
  assert.deepEqual(thread.messages.map((m) => m.text), ['Changed', 'Reply']);

  await slack.chat.delete({ channel: 'C0AR', ts: reply.ts });
  await refusedAs('message_not_found', slack.chat.update({ channel: 'C0AR', ts: reply.ts, text: 'x' }));
  assert.equal((await slack.conversations.replies({ channel: 'C0AR', ts: posted.ts })).messages.length, 1);
});

test('an ephemeral message', async () => {
  assert.match((await slack.chat.postEphemeral({ channel: 'C0AR', user: 'U0ANA', text: 'psst' })).message_ts, /^\d+\.\d+$/);
  await refusedAs('user_not_in_channel', slack.chat.postEphemeral({ channel: 'C0AR', user: 'U0GUEST', text: 'psst' }));
});

test('where a message may not go', async () => {
  for (const [channel, code] of [['C0NONE', 'channel_not_found'], ['G0BOARD', 'channel_not_found'], ['C0RANDOM', 'not_in_channel'], ['C0OLD', 'is_archived']]) {
    await refusedAs(code, slack.chat.postMessage({ channel, text: 'x' }));
  }
  await refusedAs('no_text', slack.chat.postMessage({ channel: 'C0AR', text: '' }));
});

test('blocks that break the rules are named by pointer', async () => {
  const data = await refusal(slack.chat.postMessage({ channel: 'C0AR', text: 'x', blocks: [section('ok'), section('y'.repeat(3001))] }));
  assert.equal(data.error, 'invalid_blocks');
  assert.equal(data.response_metadata.messages.length, 1);
  assert.match(data.response_metadata.messages[0], /\[json-pointer:\/blocks\/1\/text\/text\]/);
});

test('a scope that is missing is named', async () => {
  const data = await refusal(slack.conversations.list({ types: 'mpim' }));
  assert.equal(data.error, 'missing_scope');
  assert.equal(data.needed, 'mpim:read');
  assert.ok(data.provided.split(',').includes('groups:read'));
  assert.ok(data.response_metadata.scopes.includes('groups:read'));
  assert.ok(data.response_metadata.acceptedScopes.includes('mpim:read'));
});

test('a method that does not exist', () => refusedAs('unknown_method', slack.apiCall('chat.nothing')));

test('the client waits after a 429 and calls again', async () => {
  const waits = [];
  const patient = new WebClient(token, quick);
  patient.on('rate_limited', (seconds) => waits.push(seconds));
  assert.equal((await patient.users.info({ user: 'U0ANA' })).user.profile.email, 'ana@acme.example');
  await patient.chat.postMessage({ channel: 'C0BUSY', text: 'after all' });
  assert.deepEqual(waits, [1, 1]);
});

test('a 503 is an HTTP error, which the client repeats', async () => {
  const { ts } = await slack.chat.postMessage({ channel: 'C0AR', text: 'linked' });
  const once = new WebClient(token, { ...quick, retryConfig: { retries: 0 } });
  await assert.rejects(once.chat.getPermalink({ channel: 'C0AR', message_ts: ts }), { code: 'slack_webapi_http_error', statusCode: 503 });
  assert.match((await slack.chat.getPermalink({ channel: 'C0AR', message_ts: ts })).permalink, /\/archives\/C0AR\/p\d{16}$/);
});

test('conversations', async () => {
  const { channel } = await slack.conversations.info({ channel: 'C0SHARED', include_num_members: true });
  assert.equal(channel.is_ext_shared, true);
  assert.equal(channel.is_member, true);
  assert.deepEqual(channel.shared_team_ids, ['T0ACME', 'T0OTHER']);
  assert.equal(channel.num_members, 1);
  assert.deepEqual((await slack.conversations.members({ channel: 'C0AR' })).members, ['U0ANA', 'U0ARBOT']);
  const dm = await slack.conversations.open({ users: 'U0ANA' });
  assert.match(dm.channel.id, /^D/);
  assert.equal((await slack.conversations.open({ users: 'U0ANA', return_im: true })).channel.user, 'U0ANA');
  await refusedAs('user_disabled', slack.conversations.open({ users: 'U0BEN' }));
  await refusedAs('channel_not_found', slack.conversations.info({ channel: 'G0BOARD' }));
});

test('lists in pages, as the client turns them', async () => {
  const names = [];
  let pages = 0;
  for await (const page of slack.paginate('conversations.list', { limit: 2, exclude_archived: true, types: 'public_channel,private_channel' })) {
    pages += 1;
    names.push(...page.channels.map((c) => c.name));
  }
  assert.deepEqual(names, ['ar', 'sales', 'random', 'shared', 'busy']);
  assert.equal(pages, 3);
  await refusedAs('invalid_cursor', slack.conversations.list({ cursor: 'not a cursor' }));
});

test('history in pages', async () => {
  for (let i = 0; i < 5; i += 1) await slack.chat.postMessage({ channel: 'C0SALES', text: String(i) });
  const texts = [];
  for await (const page of slack.paginate('conversations.history', { channel: 'C0SALES', limit: 2 })) texts.push(...page.messages.map((m) => m.text));
  assert.deepEqual(texts, ['4', '3', '2', '1', '0']);
});

test('users and groups of users', async () => {
  assert.equal((await slack.users.lookupByEmail({ email: 'ana@acme.example' })).user.id, 'U0ANA');
  await refusedAs('users_not_found', slack.users.lookupByEmail({ email: 'ben@acme.example' }));
  await refusedAs('user_not_found', slack.users.info({ user: 'U0NONE' }));
  const { members } = await slack.users.list({});
  assert.equal(members.find((u) => u.id === 'U0BEN').deleted, true);
  assert.equal(members.find((u) => u.id === 'U0GUEST').is_ultra_restricted, true);
  const { usergroups } = await slack.usergroups.list({ include_users: true });
  assert.deepEqual(usergroups.map((g) => [g.id, g.handle, g.users]), [['S0AR', 'ar-team', ['U0ANA']]]);
  assert.deepEqual((await slack.usergroups.users.list({ usergroup: 'S0AR' })).users, ['U0ANA']);
  await refusedAs('no_such_subteam', slack.usergroups.users.list({ usergroup: 'S0NONE' }));
});

test('views', async () => {
  const home = { type: 'home', blocks: [section('Home')] };
  const { view } = await slack.views.publish({ user_id: 'U0ANA', view: home });
  assert.equal(view.type, 'home');
  await slack.views.publish({ user_id: 'U0ANA', view: home, hash: view.hash });
  await refusedAs('hash_conflict', slack.views.publish({ user_id: 'U0ANA', view: home, hash: view.hash }));
  const modal = { type: 'modal', title: { type: 'plain_text', text: 'Promise' }, blocks: [] };
  await refusedAs('invalid_trigger_id', slack.views.open({ trigger_id: 'none', view: modal }));
  const long = { ...modal, title: { type: 'plain_text', text: 'A title of twenty-five ch' } };
  const data = await refusal(slack.views.open({ trigger_id: 'none', view: long }));
  assert.equal(data.error, 'invalid_arguments');
  assert.match(data.response_metadata.messages[0], /\[json-pointer:\/view\/title\/text\]/);
});

test('files, in the way of filesUploadV2', async () => {
  const csv = 'customer,open\nAcme,100.00\n';
  const { files } = await slack.filesUploadV2({ channel_id: 'C0AR', filename: 'aging.csv', title: 'Aging', content: csv, initial_comment: 'As asked' });
  assert.equal(files[0].files[0].title, 'Aging');
  await slack.filesUploadV2({
    channel_id: 'C0AR',
    file_uploads: [
      { filename: 'a.csv', content: 'a' },
      { filename: 'b.csv', file: Buffer.from('bb') },
    ],
  });
  await assert.rejects(slack.filesUploadV2({ channel_id: 'C0NONE', filename: 'x.csv', content: 'x' }), { code: 'slack_webapi_platform_error' });
});
