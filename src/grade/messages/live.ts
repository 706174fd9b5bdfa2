import { both } from './words.ts';

/** What only a stack that runs can show. */
export const LIVE = {
  'not-running': both<object>(
    () => [
      'no container of this stack is there: what only a running stack shows is not won',
      'docker compose up -d, and grade it again; or name it: --compose-project',
    ],
    () => [
      'aucun conteneur de cette stack n’existe : ce que seule une stack en marche montre n’est pas acquis',
      'docker compose up -d, puis évaluer à nouveau ; ou la nommer : --compose-project',
    ],
  ),
  'prometheus-silent': both<{ why: string }>(
    ({ why }) => [
      `Prometheus does not answer (${why})`,
      'publish its port on 127.0.0.1, or name it: --prometheus URL',
    ],
    ({ why }) => [
      `Prometheus ne répond pas (${why})`,
      'publier son port sur 127.0.0.1, ou le nommer : --prometheus URL',
    ],
  ),
  'alertmanager-silent': both<{ why: string }>(
    ({ why }) => [
      `Alertmanager does not answer (${why}), so no notification can be seen`,
      'publish its port on 127.0.0.1, or name it: --alertmanager URL',
    ],
    ({ why }) => [
      `Alertmanager ne répond pas (${why}) : aucune notification n’est visible`,
      'publier son port sur 127.0.0.1, ou le nommer : --alertmanager URL',
    ],
  ),
  'unstarted-service': both<{ service: string }>(
    ({ service }) => [`no container is ${service}`, `docker compose up -d ${service}`],
    ({ service }) => [`aucun conteneur n’est ${service}`, `docker compose up -d ${service}`],
  ),
  'stopped-service': both<{ service: string }>(
    ({ service }) => [`the container of ${service} does not run`, `docker compose logs ${service} says why`],
    ({ service }) => [
      `le conteneur de ${service} ne tourne pas`,
      `docker compose logs ${service} dit pourquoi`,
    ],
  ),
  unhealthy: both<{ service: string }>(
    ({ service }) => [
      `${service} fails its own health check`,
      `docker inspect ${service} shows what it answered`,
    ],
    ({ service }) => [
      `${service} échoue à son propre healthcheck`,
      `docker inspect ${service} montre ce qu’il a répondu`,
    ],
  ),
  'page-fails': both<{ path: string; answer: string }>(
    ({ path, answer }) => [
      `${path} through nginx: ${answer}`,
      'publish nginx’s port 80 and pass /health and /api on to the API',
    ],
    ({ path, answer }) => [
      `${path} à travers nginx : ${answer}`,
      'publier le port 80 de nginx et transmettre /health et /api à l’API',
    ],
  ),
  'target-down': both<{ job: string; instance: string; why: string }>(
    ({ job, instance, why }) => [
      `the target ${job} ${instance} is not UP: ${why}`,
      'Status > Targets shows when it is',
    ],
    ({ job, instance, why }) => [
      `la cible ${job} ${instance} n’est pas UP : ${why}`,
      'Status > Targets montre quand elle l’est',
    ],
  ),
  'absent-metric': both<{ metric: string }>(
    ({ metric }) => [
      `Prometheus has no sample of ${metric}, though there was traffic`,
      `expose ${metric} and scrape it`,
    ],
    ({ metric }) => [
      `Prometheus n’a aucun échantillon de ${metric}, malgré du trafic`,
      `exposer ${metric} et la collecter`,
    ],
  ),
  'blind-exporter': both<{ sign: string; of: string; value: string }>(
    ({ sign, of, value }) => [
      `${sign} is ${value} and not 1: nothing sees ${of}`,
      `give the exporter an address and an account that work, until ${sign} is 1`,
    ],
    ({ sign, of, value }) => [
      `${sign} vaut ${value} et non 1 : rien ne voit ${of}`,
      `donner à l’exporter une adresse et un compte valables, jusqu’à ce que ${sign} vaille 1`,
    ],
  ),
  'not-loaded': both<{ alert: string }>(
    ({ alert }) => [
      `${alert} is in the files, and Prometheus has not loaded it`,
      'reload it: curl -X POST :9090/-/reload',
    ],
    ({ alert }) => [
      `${alert} est dans les fichiers, et Prometheus ne l’a pas chargée`,
      'recharger : curl -X POST :9090/-/reload',
    ],
  ),
  'other-rule': both<{ alert: string }>(
    ({ alert }) => [
      `Prometheus runs another ${alert} than the files say`,
      'reload it: curl -X POST :9090/-/reload',
    ],
    ({ alert }) => [
      `Prometheus exécute une autre ${alert} que celle des fichiers`,
      'recharger : curl -X POST :9090/-/reload',
    ],
  ),
  'rule-fails': both<{ alert: string; why: string }>(
    ({ alert, why }) => [`Prometheus could not evaluate ${alert}: ${why}`, 'mend the expression'],
    ({ alert, why }) => [`Prometheus n’a pas pu évaluer ${alert} : ${why}`, 'corriger l’expression'],
  ),
  'no-series': both<{ alert: string; what: string }>(
    ({ alert, what }) => [
      `${alert} reads ${what}, which Prometheus has no series of`,
      'read what is there, or expose it',
    ],
    ({ alert, what }) => [
      `${alert} lit ${what}, dont Prometheus n’a aucune série`,
      'lire ce qui existe, ou l’exposer',
    ],
  ),
  'nothing-raised': both<{ incident: string; watched: string }>(
    ({ incident, watched }) => [
      `${incident}: no alert was there to see it (${watched})`,
      `add the alert ${watched}`,
    ],
    ({ incident, watched }) => [
      `${incident} : aucune alerte n’était là pour le voir (${watched})`,
      `ajouter l’alerte ${watched}`,
    ],
  ),
  'fires-anyway': both<{ alert: string; incident: string }>(
    ({ alert, incident }) => [
      `${alert} was firing before anything was broken, so ${incident} raised nothing`,
      'a condition that does not hold while all is well',
    ],
    ({ alert, incident }) => [
      `${alert} était déjà active avant toute panne : ${incident} n’a rien déclenché`,
      'une condition fausse quand tout va bien',
    ],
  ),
  'no-incident': both<{ incident: string; why: string }>(
    ({ incident, why }) => [
      `${incident} could not be carried out: ${why}`,
      'mend what the message names, and grade it again',
    ],
    ({ incident, why }) => [
      `${incident} n’a pas pu être joué : ${why}`,
      'corriger ce que le message nomme, puis évaluer à nouveau',
    ],
  ),
  'not-fired': both<{ alert: string; incident: string; why: string }>(
    ({ alert, incident, why }) => [
      `${alert} did not fire in ${incident}. ${why}`,
      'chaos plan says what keeps it from firing',
    ],
    ({ alert, incident, why }) => [
      `${alert} ne s’est pas déclenchée pendant ${incident}. ${why}`,
      'chaos plan dit ce qui l’en empêche',
    ],
  ),
  'fired-late': both<{ alert: string; incident: string; why: string }>(
    ({ alert, incident, why }) => [
      `${alert} fired too late in ${incident}. ${why}`,
      'a shorter window, or scrapes that come more often',
    ],
    ({ alert, incident, why }) => [
      `${alert} s’est déclenchée trop tard pendant ${incident}. ${why}`,
      'une fenêtre plus courte, ou une collecte plus fréquente',
    ],
  ),
  'fired-early': both<{ alert: string; incident: string; why: string }>(
    ({ alert, incident, why }) => [
      `${alert} fired before ${incident} could have been its cause. ${why}`,
      'a condition that does not hold while all is well',
    ],
    ({ alert, incident, why }) => [
      `${alert} s’est déclenchée avant que ${incident} n’ait pu en être la cause. ${why}`,
      'une condition fausse quand tout va bien',
    ],
  ),
  undecided: both<{ alert: string; incident: string; why: string }>(
    ({ alert, incident, why }) => [
      `whether ${alert} would fire in ${incident} could not be told. ${why}`,
      'grade it again on a calm machine',
    ],
    ({ alert, incident, why }) => [
      `impossible de dire si ${alert} se déclencherait pendant ${incident}. ${why}`,
      'évaluer à nouveau sur une machine calme',
    ],
  ),
  'fires-at-rest': both<{ alert: string }>(
    ({ alert }) => [
      `${alert} fires with nothing broken`,
      'a condition that holds only when something is wrong',
    ],
    ({ alert }) => [
      `${alert} est active sans aucune panne`,
      'une condition vraie seulement en cas de problème',
    ],
  ),
  'forged-alert': both<{ alert: string; since: string }>(
    ({ alert, since }) => [
      `Alertmanager shows ${alert} since ${since}, and no rule of Prometheus fired it: somebody posted it`,
      'let Prometheus alone send alerts',
    ],
    ({ alert, since }) => [
      `Alertmanager montre ${alert} depuis ${since}, et aucune règle de Prometheus ne l’a déclenchée : quelqu’un l’a postée`,
      'laisser Prometheus seul envoyer des alertes',
    ],
  ),
  silenced: both<{ what: string; who: string }>(
    ({ what, who }) => [
      `a silence of ${who} keeps ${what || 'alerts'} from being notified`,
      'expire it: Alertmanager > Silences',
    ],
    ({ what, who }) => [
      `un silence de ${who} empêche ${what || 'des alertes'} d’être notifiées`,
      'l’expirer : Alertmanager > Silences',
    ],
  ),
  'not-notified': both<{ sent: number; failed: number }>(
    ({ sent, failed }) => [
      `alerts fired, and no notification arrived (sent: ${sent}, failed: ${failed})`,
      'a receiver that takes them, and a route that leads there',
    ],
    ({ sent, failed }) => [
      `des alertes se sont déclenchées, et aucune notification n’est arrivée (envoyées : ${sent}, échouées : ${failed})`,
      'un receiver qui les accepte, et une route qui y mène',
    ],
  ),
  'panel-refused': both<{ panel: string; why: string }>(
    ({ panel, why }) => [`Prometheus refuses a query of ${panel}: ${why}`, 'mend the query'],
    ({ panel, why }) => [`Prometheus refuse une requête de ${panel} : ${why}`, 'corriger la requête'],
  ),
  'panel-empty': both<{ panel: string; what: string }>(
    ({ panel, what }) => [
      `${panel} shows nothing: Prometheus has no series of ${what}`,
      'ask for what this stack exposes',
    ],
    ({ panel, what }) => [
      `${panel} n’affiche rien : Prometheus n’a aucune série de ${what}`,
      'demander ce que cette stack expose',
    ],
  ),
  'empty-sli': both<{ sli: string }>(
    ({ sli }) => [`${sli} has no value, though there was traffic`, 'read series and buckets that are there'],
    ({ sli }) => [
      `${sli} n’a pas de valeur, malgré du trafic`,
      'lire des séries et des buckets qui existent',
    ],
  ),
};
