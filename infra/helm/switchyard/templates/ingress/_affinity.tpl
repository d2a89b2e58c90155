{{- /*
The tie of a polling client to one pod of the Service behind the ingress, as an annotation of that Service: Traefik's way.
Renders `annotations: …`, or nothing.
*/ -}}
{{- define "switchyard.affinityAnnotations" -}}
{{- if and (eq .Values.ingress.kind "traefik") (eq .Values.ingress.affinity "cookie") -}}
annotations:
  traefik.ingress.kubernetes.io/service.sticky.cookie: "true"
  traefik.ingress.kubernetes.io/service.sticky.cookie.name: switchyard
  traefik.ingress.kubernetes.io/service.sticky.cookie.httponly: "true"
{{- end -}}
{{- end }}
