// Verifies tokens as an outside service would: keys from our JWKS, issuer, audience and algorithm pinned.
// One token a line on standard input; one JSON object a line on standard output: the claims, or the code of jose's refusal.
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const [jwksUrl, issuer, audience] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 0, timeoutDuration: 30_000 });

for await (const token of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer, audience, algorithms: ['ES256'] });
    answer = { header: protectedHeader, claims: payload };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    answer = { refused: error.code };
  }
  console.log(JSON.stringify(answer));
}
