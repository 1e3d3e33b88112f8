// An app on @slack/bolt. TRANSPORT picks Socket Mode or HTTP; the first line that it
// prints is the port (0 over Socket Mode). It ends when it is killed.
import bolt from '@slack/bolt';

const { App, HTTPReceiver, SocketModeReceiver, LogLevel } = bolt;
const env = process.env;
const clientOptions = { slackApiUrl: env.SLACK_API_URL };
const logLevel = LogLevel.ERROR;

// How many tries of an event fail before it is taken.
const failures = Number(env.FAILURES ?? 0);
const receiver =
  env.TRANSPORT === 'http'
    ? // To fail, the answer has to wait for the listener.
      new HTTPReceiver({ signingSecret: env.SLACK_SIGNING_SECRET, processBeforeResponse: failures > 0, logLevel })
    : new SocketModeReceiver({ appToken: env.SLACK_APP_TOKEN, clientPingTimeout: Number(env.PING_TIMEOUT ?? 5000), installerOptions: { clientOptions }, logLevel });
const app = new App({ token: env.SLACK_BOT_TOKEN, receiver, clientOptions, logLevel });

const plain = (text) => ({ type: 'plain_text', text });
const modal = {
  type: 'modal',
  callback_id: 'promise',
  private_metadata: 'account-7',
  notify_on_close: true,
  title: plain('Log a promise'),
  submit: plain('Save'),
  blocks: [
    { type: 'input', block_id: 'amount', label: plain('Amount'), element: { type: 'plain_text_input', action_id: 'typed' } },
    { type: 'input', block_id: 'on', label: plain('On'), element: { type: 'datepicker', action_id: 'day', initial_date: '2026-12-04' } },
  ],
};
const card = {
  text: 'INV-1042 is 12 days overdue.',
  blocks: [
    { type: 'section', text: plain('INV-1042 is 12 days overdue.') },
    {
      type: 'actions',
      block_id: 'choices',
      elements: [
        { type: 'button', action_id: 'dispute', text: plain('Dispute'), value: 'inv-1042' },
        { type: 'static_select', action_id: 'reason', options: ['price', 'damage'].map((r) => ({ text: plain(r), value: r })) },
      ],
    },
  ],
};

app.command('/ar', async ({ command, ack, respond, client }) => {
  switch (command.text) {
    case 'in the ack':
      return ack({ response_type: 'in_channel', text: `${command.command} from ${command.user_name} in ${command.channel_name}` });
    case 'promise':
      await ack();
      return client.views.open({ trigger_id: command.trigger_id, view: modal });
    case 'card':
      await ack();
      return respond({ response_type: 'in_channel', ...card });
    default:
      await ack('Working on it');
      return respond({ text: `Answer to ${command.text}` });
  }
});

app.action('reason', ({ ack }) => ack());
app.action('dispute', async ({ ack, action, body, respond }) => {
  await ack();
  const reason = body.state.values.choices.reason.selected_option?.value;
  await respond({ replace_original: true, text: `${action.value} disputed by ${body.user.id} over ${reason}` });
});

app.view('promise', async ({ ack, body, view, client }) => {
  const amount = view.state.values.amount.typed.value;
  if (!/^\d+$/.test(amount)) {
    await ack({ response_action: 'errors', errors: { amount: `${amount} is not an amount.` } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `${view.private_metadata}: ${amount} on ${view.state.values.on.day.selected_date}` });
});
app.view({ callback_id: 'promise', type: 'view_closed' }, async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `Closed ${body.view.callback_id}` });
});

app.shortcut('log_promise', async ({ ack, shortcut, client }) => {
  await ack();
  await client.chat.postMessage({ channel: shortcut.channel.id, thread_ts: shortcut.message.ts, text: `On ${shortcut.message.text}` });
});

app.event('app_mention', async ({ event, say, context, body }) => {
  if ((context.retryNum ?? 0) < failures) throw new Error('not yet');
  await say({ thread_ts: event.thread_ts ?? event.ts, text: `${body.event_id} try ${context.retryNum ?? 0} ${context.retryReason ?? ''}`.trim() });
});
app.message('status', async ({ message, say }) => {
  await say(`You wrote ${message.text} in a ${message.channel_type}`);
});
app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'section', text: plain(`Home of ${event.user}`) }] } });
});
app.event('member_joined_channel', ({ event, say }) => say(`Hello ${event.user}`));
app.event('channel_rename', ({ event, client }) => client.chat.postMessage({ channel: event.channel.id, text: `Now ${event.channel.name}` }));
app.event('channel_archive', ({ event, client }) => client.chat.postMessage({ channel: 'C0SALES', text: `Archived ${event.channel}` }));
app.error(async (error) => {
  if (error.original?.message !== 'not yet') process.stderr.write(`${error.stack}\n`);
  throw error;
});

const server = await app.start(0);
process.stdout.write(`${env.TRANSPORT === 'http' ? server.address().port : 0}\n`);
