/**
 * The SDK tells whoever makes a client on Node 20 what its versions of 2027 will need. This project supports Node 20, and
 * that notice is not for whoever runs a plan. It asks this variable before (@aws-sdk/core, emitWarningIfUnsupportedVersion);
 * other warnings are told as before, and a value that somebody has set stays.
 */
export function withoutVersionNotice(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
