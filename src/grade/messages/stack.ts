import { both } from './words.ts';

type Named = { service: string };

export const STACK = {
  'broken-file': both<{ why: string }>(
    ({ why }) => [`this file cannot be used as it is: ${why}`, 'mend what stands at that place'],
    ({ why }) => [
      `ce fichier est inutilisable en l’état : ${why}`,
      'corriger ce qui se trouve à cet endroit',
    ],
  ),
  'no-compose': both<object>(
    () => ['there is no compose file, so nothing shows what is deployed', 'hand in docker-compose.yml'],
    () => [
      'il n’y a pas de fichier compose : rien ne montre ce qui est déployé',
      'rendre docker-compose.yml',
    ],
  ),
  'no-service': both<Named>(
    ({ service }) => [`no service is ${service}`, `add a service ${service}`],
    ({ service }) => [`aucun service n’est ${service}`, `ajouter un service ${service}`],
  ),
  'absent-file': both<{ service: string; path: string }>(
    ({ service, path }) => [`${service} mounts or builds ${path}, which was not handed in`, `add ${path}`],
    ({ service, path }) => [
      `${service} monte ou construit ${path}, qui n’a pas été rendu`,
      `ajouter ${path}`,
    ],
  ),
  'outside-file': both<{ service: string; path: string }>(
    ({ service, path }) => [
      `${service} mounts ${path}, which is outside what was handed in`,
      'mount a file of the project',
    ],
    ({ service, path }) => [`${service} monte ${path}, qui est hors du rendu`, 'monter un fichier du projet'],
  ),
  'no-health-check': both<Named>(
    ({ service }) => [
      `${service} has no health check, so compose calls it up as soon as it has started`,
      `give ${service} a healthcheck:`,
    ],
    ({ service }) => [
      `${service} n’a pas de healthcheck : compose le croit prêt dès qu’il a démarré`,
      `donner un healthcheck: à ${service}`,
    ],
  ),
  'unpinned-image': both<{ service: string; image: string }>(
    ({ service, image }) => [
      `${service} runs ${image}, which is another program tomorrow than today`,
      'name a version, as in prom/prometheus:v2.53.4',
    ],
    ({ service, image }) => [
      `${service} utilise ${image}, qui ne sera plus le même programme demain`,
      'nommer une version, par exemple prom/prometheus:v2.53.4',
    ],
  ),
  'password-in-file': both<{ service: string; key: string }>(
    ({ service, key }) => [
      `the password of ${service} stands in the file (${key})`,
      `take it from the environment: ${key} with \${…}, and an .env file that is not handed in`,
    ],
    ({ service, key }) => [
      `le mot de passe de ${service} est écrit dans le fichier (${key})`,
      `le prendre dans l’environnement : ${key} avec \${…}, et un fichier .env qui n’est pas rendu`,
    ],
  ),
  superuser: both<{ service: string; user: string }>(
    ({ service, user }) => [
      `${service} connects to PostgreSQL as its superuser ${user}`,
      'make a role for it with the rights it needs (pg_monitor for the exporter)',
    ],
    ({ service, user }) => [
      `${service} se connecte à PostgreSQL comme superutilisateur ${user}`,
      'lui créer un rôle avec les seuls droits utiles (pg_monitor pour l’exporter)',
    ],
  ),
  'no-database-user': both<object>(
    () => [
      'neither the API nor the exporter says as whom it connects to PostgreSQL',
      'set DATABASE_URL and DATA_SOURCE_NAME',
    ],
    () => [
      'ni l’API ni l’exporter ne disent sous quel nom ils se connectent à PostgreSQL',
      'définir DATABASE_URL et DATA_SOURCE_NAME',
    ],
  ),
  'open-port': both<{ service: string; port: string }>(
    ({ service, port }) => [
      `${service} is open to the whole network (${port})`,
      `bind it to this machine: 127.0.0.1:${port}`,
    ],
    ({ service, port }) => [
      `${service} est ouvert à tout le réseau (${port})`,
      `le limiter à cette machine : 127.0.0.1:${port}`,
    ],
  ),
  'deaf-process': both<Named>(
    ({ service }) => [
      `Python is process 1 of ${service} and ignores SIGTERM: stopping it takes ten seconds, in which it goes on serving`,
      `init: true on ${service}, or run it under gunicorn`,
    ],
    ({ service }) => [
      `Python est le processus 1 de ${service} et ignore SIGTERM : l’arrêt prend dix secondes, pendant lesquelles il sert encore`,
      `init: true sur ${service}, ou le lancer avec gunicorn`,
    ],
  ),
  'unknown-process': both<Named>(
    ({ service }) => [
      `nothing shows what process 1 of ${service} is, and so whether it stops when it is told to`,
      `init: true on ${service}`,
    ],
    ({ service }) => [
      `rien ne montre quel est le processus 1 de ${service}, donc s’il s’arrête quand on le lui dit`,
      `init: true sur ${service}`,
    ],
  ),
  'no-nginx-conf': both<object>(
    () => [
      'no configuration of nginx was handed in, so nothing shows that it leads to the API',
      'add nginx.conf',
    ],
    () => [
      'aucune configuration nginx n’a été rendue : rien ne montre qu’il mène à l’API',
      'ajouter nginx.conf',
    ],
  ),
  'no-stub-status': both<object>(
    () => [
      'nginx has no stub_status, so its exporter has nothing to read',
      'location = /stub_status { stub_status; }',
    ],
    () => [
      'nginx n’a pas de stub_status : son exporter n’a rien à lire',
      'location = /stub_status { stub_status; }',
    ],
  ),
  'upstream-resolved-once': both<{ upstream: string }>(
    ({ upstream }) => [
      `nginx resolves ${upstream} once, at its start: an API that comes back under another address means 502 for ever`,
      `resolver 127.0.0.11 valid=1s; set $upstream ${upstream}; proxy_pass $upstream;`,
    ],
    ({ upstream }) => [
      `nginx résout ${upstream} une seule fois, au démarrage : si l’API revient à une autre adresse, c’est 502 pour toujours`,
      `resolver 127.0.0.11 valid=1s; set $upstream ${upstream}; proxy_pass $upstream;`,
    ],
  ),
};
