{{- /*
A secret: the given one, else the one that the cluster keeps, else a new one. Arguments: the root, the component's Secret,
the key, what is given.
*/ -}}
{{- define "switchyard.secret" -}}
{{- $root := index . 0 -}}
{{- $kept := lookup "v1" "Secret" $root.Release.Namespace (printf "%s-%s" (include "switchyard.fullname" $root) (index . 1)) -}}
{{- $found := get (default dict $kept.data) (index . 2) | b64dec -}}
{{- default (default (randAlphaNum 64) $found) (index . 3) -}}
{{- end }}

{{- /* Decides on all secrets, once for a rendering: `.Values.made.<component>.<key>`. */ -}}
{{- define "switchyard.makeSecrets" -}}
{{- if not (hasKey .Values "made") -}}
{{- $secrets := .Values.secrets -}}
{{- $passwords := dict -}}
{{- range $user, $given := $secrets.redisPasswords -}}
{{- $component := ternary "operators" $user (has $user (list "observer" "operator")) -}}
{{- if include "switchyard.hasOwnRedis" $ -}}
{{- $_ := set $passwords $user (include "switchyard.secret" (list $ $component (printf "redis_%s" $user) $given)) -}}
{{- else if $given -}}
{{- $_ := set $passwords $user $given -}}
{{- end -}}
{{- end -}}
{{- $signaling := dict "jwt_secret" (include "switchyard.secret" (list $ "signaling" "jwt_secret" $secrets.jwtSecret)) -}}
{{- if .Values.settings.TURN_URLS -}}
{{- $_ := set $signaling "turn_secret" (include "switchyard.secret" (list $ "signaling" "turn_secret" $secrets.turnSecret)) -}}
{{- end -}}
{{- range $key, $given := dict "admin_token" $secrets.adminToken "observer_token" $secrets.observerToken "metered_credential" $secrets.meteredCredential "turn_credential" $secrets.turnCredential "jwt_secrets_accepted" (join "\n" $secrets.jwtSecretsAccepted) "redis_signaling" $passwords.signaling -}}
{{- if $given }}{{ $_ := set $signaling $key $given }}{{ end -}}
{{- end -}}
{{- $made := dict "signaling" $signaling "matchmaker" dict "operators" dict "redis" dict "coturn" dict -}}
{{- with $passwords.matchmaker }}{{ $_ := set $made.matchmaker "redis_matchmaker" . }}{{ end -}}
{{- with $passwords.observer }}{{ $_ := set $made.operators "redis_observer" . }}{{ end -}}
{{- with $passwords.operator }}{{ $_ := set $made.operators "redis_operator" . }}{{ end -}}
{{- if include "switchyard.hasOwnRedis" $ -}}
{{- $_ := set $passwords "admin" (include "switchyard.secret" (list $ "redis" "admin" "")) -}}
{{- $acl := .Files.Get "files/users.acl" -}}
{{- range $user, $password := $passwords -}}
{{- $acl = replace (printf "<SHA-256-of-the-password-of-%s>" $user) (sha256sum $password) $acl -}}
{{- end -}}
{{- $_ := set $made "redis" (dict "admin" $passwords.admin "users.acl" $acl) -}}
{{- end -}}
{{- if .Values.coturn.enabled -}}
{{- $lines := list (.Files.Get "files/turnserver.conf") -}}
{{- range prepend $secrets.turnSecretsAccepted $signaling.turn_secret -}}
{{- $lines = append $lines (printf "static-auth-secret=%s\n" .) -}}
{{- end -}}
{{- $_ := set $made "coturn" (dict "turnserver.conf" (join "" $lines)) -}}
{{- end -}}
{{- $_ := set .Values "made" $made -}}
{{- end -}}
{{- end }}

{{- /* The name of a component's Secret: yours, or the chart's. Arguments: the root, the component. */ -}}
{{- define "switchyard.secretName" -}}
{{- $root := index . 0 -}}
{{- $existing := dict "name" "" -}}
{{- if hasKey $root.Values.secrets.existing (index . 1) }}{{ $existing = index $root.Values.secrets.existing (index . 1) }}{{ end -}}
{{- default (printf "%s-%s" (include "switchyard.fullname" $root) (index . 1)) $existing.name -}}
{{- end }}

{{- /* The keys in it, as JSON. Arguments: the root, the component. */ -}}
{{- define "switchyard.secretKeys" -}}
{{- $root := index . 0 -}}
{{- include "switchyard.makeSecrets" $root -}}
{{- $existing := index $root.Values.secrets.existing (index . 1) -}}
{{- ternary $existing.keys (keys (index $root.Values.made (index . 1)) | sortAlpha) (ne $existing.name "") | toJson -}}
{{- end }}

{{- /* Changes where a Secret of the chart's does: pods read secrets when they start. Arguments: the root, the component. */ -}}
{{- define "switchyard.secretChecksum" -}}
{{- $root := index . 0 -}}
{{- include "switchyard.makeSecrets" $root -}}
{{- index $root.Values.made (index . 1) | toJson | sha256sum -}}
{{- end }}

{{- /* The secrets of a node or a matchmaker, each in a file. Arguments: the root, the component. */ -}}
{{- define "switchyard.secretEnvironment" -}}
{{- range include "switchyard.secretKeys" . | fromJsonArray }}
{{- $name := ternary "REDIS_PASSWORD" (upper .) (hasPrefix "redis_" .) }}
- name: {{ $name }}_FILE
  value: /run/switchyard/{{ . }}
{{- end }}
{{- end }}
