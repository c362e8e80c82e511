import type { ErrorWords } from './error-words.ts';

export const de: ErrorWords = {
  bad_request: 'Die Anfrage wurde nicht verstanden.',
  unauthenticated: 'Bitte melden Sie sich an.',
  session_expired: 'Ihre Sitzung ist abgelaufen. Bitte melden Sie sich neu an.',
  invalid_credentials: 'E-Mail-Adresse oder Passwort stimmt nicht.',
  forbidden: 'Dafür fehlt Ihnen die Berechtigung.',
  not_found: 'Hier ist nichts.',
  conflict: 'Jemand hat dies inzwischen geändert. Laden Sie neu und versuchen Sie es noch einmal.',
  rate_limited: 'Zu viele Versuche. Bitte warten Sie einen Moment.',
  too_large: 'Die Anfrage ist zu groß.',
  queue_full: 'Es warten zu viele Anfragen. Bitte versuchen Sie es gleich noch einmal.',
  protocol_unsupported: 'Diese Version wird nicht mehr unterstützt. Bitte laden Sie neu.',
  unknown_method: 'Der Dienst kennt diese Anfrage nicht.',
  timeout: 'Der Dienst hat nicht rechtzeitig geantwortet. Bitte versuchen Sie es noch einmal.',
  unavailable: 'Der Dienst ist zurzeit nicht erreichbar. Bitte versuchen Sie es noch einmal.',
  internal: 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.',
  api_key_invalid: 'Der API-Schlüssel ist ungültig. Kopieren Sie ihn noch einmal aus der Verwaltung.',
  api_key_revoked: 'Der API-Schlüssel wurde widerrufen. Erzeugen Sie in der Verwaltung einen neuen.',
  connector_offline: 'Ihre Telefonanlage ist zurzeit nicht erreichbar.',
  no_line: 'Ihnen ist kein Telefonanschluss zugewiesen. Wenden Sie sich an Ihre Administration.',
  line_not_registered: 'Ihre Leitung ist nicht an der Telefonanlage angemeldet.',
  number_invalid: 'Diese Nummer kann nicht gewählt werden.',
  call_not_found: 'Dieser Anruf ist bereits beendet.',
  call_already_answered: 'Dieser Anruf wurde bereits anderswo angenommen.',
  call_not_permitted: 'Das ist bei diesem Anruf zurzeit nicht möglich.',
  hold_refused: 'Die Telefonanlage hat das Halten nicht geändert. Bitte versuchen Sie es erneut.',
  transfer_failed: 'Der Anruf konnte nicht übergeben werden. Sie haben ihn noch.',
  conference_failed: 'Die Gespräche konnten nicht zusammengeführt werden. Sie haben noch beide.',
  pull_failed: 'Der Anruf konnte nicht hierher geholt werden. Er geht weiter, wo er ist.',
  push_failed: 'Der Anruf konnte nicht dorthin gegeben werden. Sie haben ihn noch.',
  feature_unsupported: 'Ihre Telefonanlage bietet das nicht an.',
  feature_refused: 'Ihre Telefonanlage hat das abgelehnt.',
  no_desk_phone: 'Für Sie ist kein Tischtelefon bekannt. Wenden Sie sich an Ihre Administration.',
  no_alternative_number:
    'Sie haben keine alternative Rufnummer eingetragen. Tragen Sie zuerst in den Einstellungen eine ein.',
  platform_unreachable:
    'Die Steuerverbindung zu Ihrer Telefonanlage ist unterbrochen. Telefonieren geht weiterhin. Versuchen Sie es gleich noch einmal.',
  dtmf_unsupported: 'Die Gegenseite nimmt in diesem Gespräch keine Tasten an.',
  call_limit_reached: 'Sie haben zu viele Anrufe gleichzeitig. Beenden Sie zuerst einen.',
  media_failed: 'Die Sprachverbindung konnte nicht aufgebaut werden.',
  codec_unsupported: 'Ihr Browser und die Telefonanlage haben keinen gemeinsamen Sprachcodec.',
  sso_required:
    'Ihr Unternehmen meldet sich über seine eigene Seite an. Wählen Sie „Weiter mit Single Sign-on“.',
  code_invalid: 'Dieser Code stimmt nicht. Geben Sie den neuesten ein.',
  ticket_expired: 'Das hat zu lange gedauert. Bitte beginnen Sie noch einmal.',
  second_factor_required: 'Ihr Unternehmen verlangt einen zweiten Faktor. Richten Sie zuerst einen ein.',
  reauthentication_required: 'Bitte bestätigen Sie zuerst, dass Sie es sind.',
  password_weak:
    'Dieses Passwort ist leicht zu erraten. Wählen Sie ein längeres, etwa vier Wörter, die nichts miteinander zu tun haben.',
  link_expired: 'Dieser Link ist abgelaufen. Fordern Sie einen neuen an.',
  link_used: 'Dieser Link wurde schon benutzt. Melden Sie sich an, oder fordern Sie einen neuen an.',
  terms_required: 'Bitte lesen und akzeptieren Sie zuerst die Bedingungen.',
  name_taken: 'Diesen Namen gibt es schon.',
  name_mismatch: 'Der eingegebene Name ist ein anderer. Geben Sie ihn genau so ein, wie er dasteht.',
  email_taken: 'Diese E-Mail-Adresse ist schon vergeben.',
  number_taken: 'Diese Rufnummer ist schon vergeben.',
  seats_exhausted:
    'Alle Plätze Ihres Vertrags sind belegt. Geben Sie einen frei, oder bitten Sie Ihren Anbieter um weitere.',
  last_administrator:
    'Das ist die letzte Administratorin oder der letzte Administrator. Benennen Sie zuerst jemand anderen.',
  tenant_suspended: 'Der Dienst ist für Ihr Unternehmen gesperrt. Notrufe gehen weiterhin.',
  undo_expired: 'Das lässt sich nicht mehr rückgängig machen.',
  file_unreadable:
    'Diese Datei konnte nicht gelesen werden. Speichern Sie sie als CSV (UTF-8) und versuchen Sie es noch einmal.',
  sso_failed:
    'Die Anmeldung über Ihr Unternehmen ist fehlgeschlagen. Wenden Sie sich an Ihre Administration.',
  sso_untested:
    'So könnte sich niemand mehr anmelden. Bestehen Sie erst einen Test mit diesen Einstellungen, oder richten Sie für eine Administratorin oder einen Administrator einen zweiten Faktor ein.',
  sso_needed:
    'So könnte sich keine Administratorin und kein Administrator mehr anmelden. Richten Sie dort erst ein Passwort oder einen Passkey ein.',
  only_way_in:
    'Ohne dies könnten Sie sich nicht mehr anmelden. Richten Sie erst einen anderen Weg ein: einen weiteren Passkey, oder ein Passwort, wenn Ihr Unternehmen Passwörter zulässt.',
  administrator_protected:
    'Dieses Konto gehört zur Administration. Das können nur Administratorinnen und Administratoren im Portal ändern.',
  draining: 'Der Telefon-Connector wird außer Betrieb genommen. Bitte versuchen Sie es gleich noch einmal.',
};
