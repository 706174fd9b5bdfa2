import { both } from './words.ts';

/** What only a stack that runs can show of its alerts. */
export const LIVE_RULES = {
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
  'busy-machine': both<{ alert: string }>(
    ({ alert }) => [
      `${alert} fires with nothing broken, and the machine was so busy that this may be its doing`,
      'grade it again on a calm machine',
    ],
    ({ alert }) => [
      `${alert} est active sans aucune panne, et la machine était si occupée que c’en est peut-être la cause`,
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
  'empty-sli': both<{ sli: string }>(
    ({ sli }) => [`${sli} has no value, though there was traffic`, 'read series and buckets that are there'],
    ({ sli }) => [
      `${sli} n’a pas de valeur, malgré du trafic`,
      'lire des séries et des buckets qui existent',
    ],
  ),
};
