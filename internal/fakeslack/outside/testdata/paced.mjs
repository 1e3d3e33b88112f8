// Posts faster than a channel takes it; the client waits as the answers say.
import { LogLevel, WebClient } from '@slack/web-api';

const { SLACK_API_URL: slackApiUrl, SLACK_BOT_TOKEN: token } = process.env;
const slack = new WebClient(token, { slackApiUrl, logLevel: LogLevel.ERROR, retryConfig: { retries: 5, minTimeout: 1, maxTimeout: 1 } });
for (const text of ['1', '2', '3']) await slack.chat.postMessage({ channel: 'C0AR', text });
