import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where an engine and its callers have what they prove themselves with: ca.pem, cert.pem and key.pem in each folder. */
export interface Certificates {
  server: string;
  client: string;
}

/** An authority of its own in `dir`, a certificate for 127.0.0.1 and localhost, and one for a caller. */
export function makeCertificates(dir: string): Certificates {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    '/CN=test',
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
  );
  const issue = (name: string, extensions: string) => {
    const own = join(dir, name);
    mkdirSync(own);
    writeFileSync(join(own, 'extensions'), extensions);
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}/key.pem`, '-out', `${name}/request`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2'];
    const request = ['-in', `${name}/request`, '-extfile', `${name}/extensions`, '-out', `${name}/cert.pem`];
    openssl('x509', '-req', ...by, ...request);
    copyFileSync(join(dir, 'ca.pem'), join(own, 'ca.pem'));
    return own;
  };
  return {
    server: issue('server', 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n'),
    client: issue('client', 'extendedKeyUsage=clientAuth\n'),
  };
}
