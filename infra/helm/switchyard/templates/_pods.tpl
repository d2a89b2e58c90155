{{- /* Every pod has no rights and no root. Arguments: the root, the component, its values, the user. */ -}}
{{- define "switchyard.pod" -}}
{{- $root := index . 0 -}}
{{- $values := index . 2 -}}
serviceAccountName: {{ include "switchyard.fullname" $root }}-{{ index . 1 }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ index . 3 }}
  runAsGroup: {{ index . 3 }}
  fsGroup: {{ index . 3 }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.topologySpread }}
topologySpreadConstraints:
  {{- range $key, $rule := dict "topology.kubernetes.io/zone" .zones "kubernetes.io/hostname" .hosts }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: {{ $rule }}
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels: {{- include "switchyard.selector" (list $root (index $ 1)) | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "switchyard.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- /* The environment of nodes, matchmakers and `sy`: settings that it reads. Arguments: the root, the service. */ -}}
{{- define "switchyard.settings" -}}
{{- $root := index . 0 -}}
{{- $read := index ($root.Files.Get "files/settings.yaml" | fromYaml) (index . 1) -}}
{{- range $name, $value := $root.Values.settings }}
{{- if has $name $read }}
- name: {{ $name }}
  value: {{ ternary $value (toJson $value) (kindIs "string" $value) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* How to reach Redis, but for the password. Arguments: the root, the user of Redis; none for `sy`. */ -}}
{{- define "switchyard.redisEnvironment" -}}
{{- $root := index . 0 -}}
{{- $redis := $root.Values.redis -}}
{{- if $redis.urlSecret.name }}
- name: REDIS_URL_FILE
  value: /run/redis-url/url
{{- else }}
- name: REDIS_URL
  value: {{ default (printf "redis://%s-redis:6379" (include "switchyard.fullname" $root)) $redis.url | quote }}
{{- end }}
{{- with $redis.master }}
- name: REDIS_MASTER
  value: {{ . | quote }}
{{- end }}
{{- if and $redis.users (index . 1) }}
- name: REDIS_USERNAME
  value: {{ index . 1 }}
{{- end }}
{{- if $redis.caSecret.name }}
- name: REDIS_CA_FILE
  value: /run/redis-ca/ca.crt
{{- end }}
{{- end }}

{{- define "switchyard.redisMounts" -}}
{{- if .Values.redis.urlSecret.name }}
- { name: redis-url, mountPath: /run/redis-url, readOnly: true }
{{- end }}
{{- if .Values.redis.caSecret.name }}
- { name: redis-ca, mountPath: /run/redis-ca, readOnly: true }
{{- end }}
{{- end }}

{{- define "switchyard.redisVolumes" -}}
{{- with .Values.redis.urlSecret }}
{{- if .name }}
- name: redis-url
  secret:
    secretName: {{ .name }}
    defaultMode: 0440
    items: [{ key: {{ .key }}, path: url }]
{{- end }}
{{- end }}
{{- with .Values.redis.caSecret }}
{{- if .name }}
- name: redis-ca
  secret:
    secretName: {{ .name }}
    defaultMode: 0440
    items: [{ key: {{ .key }}, path: ca.crt }]
{{- end }}
{{- end }}
{{- end }}

{{- /* Probes of a node or a matchmaker: slow to doubt. The argument: seconds from its start before which it is not called ready. */ -}}
{{- define "switchyard.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 1
  timeoutSeconds: 5
  failureThreshold: 60
readinessProbe:
  httpGet: { path: /readyz, port: http }
  {{- if gt (int .) 0 }}
  initialDelaySeconds: {{ int . }}
  {{- end }}
  periodSeconds: 3
  timeoutSeconds: 5
  failureThreshold: 2
livenessProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 10
  timeoutSeconds: 10
  failureThreshold: 6
{{- end }}
