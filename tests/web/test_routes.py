"""The routes for programs: the contract, and every refusal in the same three words.

Asked of the almanac, in this process; `service` is the real one, asked over the network as a client would.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from threading import Event
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

import api
from index import kept_generations
from tests.replies import is_fault, run, when_opened
from tests.web.conftest import BIKES, BUS

ANY_CHARACTER = st.characters(exclude_categories=())  # halves of surrogate pairs and control characters too
OF_A_SERVICE = examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def search(client, **parameters):
    reply = client.get("/search", params=parameters)
    assert reply.status_code == 200, reply.text
    return reply.json()


# --- search ---


def test_a_search_gives_the_fields_of_the_contract(client):
    found = search(client, q="vélo", k=1, lang="en")
    assert found.keys() == {"query", "total", "further", "hits", "facets", "hint", "took_ms"}
    (hit,) = found["hits"]
    assert hit.keys() == {"rank", "score", "initiative", "also_in", "passage", "why", "editorial"}
    assert hit["initiative"] == {
        "id": BIKES,
        "title": "Prêter un vélo aux jeunes apprentis de la Gironde qui n'ont ni permis ni voiture",
        "title_derived": True,
        "kind": "challenge",
        "departements": [{"code": "33", "name": "Gironde"}],
        "carriers": [],
        "theme": "Se déplacer",
        "start_year": None,
        "document": "almanac",
        "corrected": [],
    }
    assert hit["passage"].keys() == {"text", "heading", "start_line", "end_line", "highlights"}
    assert hit["why"].keys() == {"lexical_rank", "dense_rank", "by_editorial"}
    assert hit["editorial"] == {
        "language": "en",
        "title": "Bikes for apprentices",
        "summary": "A bike for young people without a car.",
        "publics": [{"key": "jeunes", "label": "Young people"}],
        "topics": [{"key": "mobilite", "label": "Mobility"}],
        "author": "person",
        "date": "2026-11-25",
    }
    names = {"departement", "region", "theme", "kind", "document", "year", "public", "topic"}
    assert found["facets"].keys() == names


def test_hits_are_numbered_from_one_and_the_best_comes_first(client):
    hits = search(client, q="aidants à domicile", k=5)["hits"]
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_a_title_finds_its_initiative_first(client):
    for one in client.get("/initiatives").json()["items"]:
        assert search(client, q=one["title"], k=1)["hits"][0]["initiative"]["id"] == one["id"]


def test_a_real_world_initiative_appears_once(service):
    hits = search(service, q="atelier photo", k=20)["hits"]
    ids = [id for hit in hits for id in (hit["initiative"]["id"], *hit["also_in"])]
    assert len(ids) == len(set(ids))
    assert len(ids) > len(hits)  # some are told in several documents


def test_a_place_of_the_question_is_understood_and_shown(client):
    place = search(client, q="insertion à Bordeaux")["query"]["place"]
    assert place == {
        "name": "Bordeaux",
        "kind": "commune",
        "code": "33063",
        "departements": [{"code": "33", "name": "Gironde"}],
    }


def test_lay_words_are_told_with_what_they_were_understood_as(client):
    concepts = search(client, q="un boulot en Gironde")["query"]["concepts"]
    assert concepts == [{"words": "boulot", "synonyms": ["emploi"]}]


def test_what_is_ignored_is_not_understood(client):
    understood = search(client, q="un boulot en Gironde", ignore=["boulot", "Gironde"])["query"]
    assert (understood["concepts"], understood["places"], understood["place"]) == ([], [], None)
    assert search(client, q="un boulot en Gironde", ignore="boulot")["query"]["place"]["name"] == "Gironde"


def test_highlights_lie_inside_the_passage_they_mark(service):
    for hit in search(service, q="mobility for people who look for a job", k=5)["hits"]:
        marks = [(mark["start"], mark["end"]) for mark in hit["passage"]["highlights"]]
        assert all(0 <= start < end <= len(hit["passage"]["text"]) for start, end in marks)
        assert marks == sorted(marks)


@pytest.mark.parametrize(
    ("question", "asked", "language"),
    [
        ("a bike for young people", {}, "en"),
        ("un vélo pour les jeunes", {}, "fr"),
        ("a bike for young people", {"lang": "fr"}, "fr"),
        ("un vélo pour les jeunes", {"lang": "en"}, "en"),
    ],
)
def test_what_the_project_adds_is_in_the_reader_s_language_or_else_the_question_s(client, question, asked, language):
    found = search(client, q=question, **asked)
    (editorial,) = (hit["editorial"] for hit in found["hits"] if hit["initiative"]["id"] == BIKES)
    label = {"fr": "Mobilité", "en": "Mobility"}[language]
    assert (editorial["language"], editorial["topics"]) == (language, [{"key": "mobilite", "label": label}])
    assert found["facets"]["topic"] == [{"value": "mobilite", "label": label, "count": 1}]


def test_a_sheet_and_its_likes_tell_their_editorial_summary(client):
    (like,) = (
        hit
        for hit in client.get(f"/initiatives/{BUS}/similar", params={"lang": "en"}).json()["hits"]
        if hit["initiative"]["id"] == BIKES
    )
    for one in (client.get(f"/initiatives/{BIKES}", params={"lang": "en"}).json(), like):
        assert one["editorial"]["title"] == "Bikes for apprentices"
    assert client.get(f"/initiatives/{BIKES}").json()["editorial"]["language"] == "fr"


def test_a_passage_is_made_of_the_lines_it_names(client):
    hit = search(client, q="médecin")["hits"][0]
    sheet = client.get(f"/initiatives/{hit['initiative']['id']}").json()
    first, last = hit["passage"]["start_line"], hit["passage"]["end_line"]
    lines = sheet["text"].split("\n")[first - sheet["source"]["start_line"] : last - sheet["source"]["start_line"] + 1]
    assert hit["passage"]["text"] in "\n".join(lines)


@pytest.mark.parametrize("departement", ["33", "Gironde"])
def test_a_filter_holds_for_every_hit_and_for_the_facets(client, departement):
    found = search(client, q="vélo", departement=departement)
    assert [hit["initiative"]["id"] for hit in found["hits"]] == [BIKES]
    assert found["total"] == 1
    assert found["facets"]["departement"] == [{"value": "33", "label": "Gironde", "count": 1}]


def test_every_value_of_a_facet_is_a_filter_that_finds_what_it_counts(client):
    found = search(client, q="vélo")
    for name in ("departement", "region", "theme", "kind", "document", "public", "topic"):
        facet = found["facets"][name][0]
        assert search(client, q="vélo", **{name: facet["value"]})["total"] >= facet["count"], name


def test_nothing_found_is_an_empty_list_with_a_hint(client):
    found = search(client, q="vélo", departement="09")
    assert (found["total"], found["hits"]) == (0, [])
    assert found["hint"].startswith("Rien de pertinent")


ODD_BUT_HONEST = [
    "'; DROP TABLE initiatives; --",
    "\u202eéssergéd non etxet\u202c",
    "مساعدة الشباب في العثور على عمل",
    "jeunes\x00\x07\x1b[31m emploi",
    "🚌 mobilité 🚌",
    "RSA " * 100,
    "<script>alert(1)</script>",
    "%00%ff",
    "a",
]


@pytest.mark.parametrize("q", ODD_BUT_HONEST)
def test_an_odd_question_gets_an_honest_result(client, q):
    found = search(client, q=q)
    assert found["total"] + found["further"] >= len(found["hits"])


@pytest.mark.parametrize(
    "q", ["", " ", "\t\n", "\u200b", "🚌🚌🚌", "?!…", "\x00", "x" * 1_001, "mot " * 1_500, "\ufdfa" * 56]
)
def test_a_question_without_words_or_without_end_is_refused(client, q):
    assert is_fault(client.get("/search", params={"q": q}), 422)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("", "the query string"),
        ("q=bus&k=0", "the query string"),
        ("q=bus&k=101", "the query string"),
        ("q=bus&k=-1", "the query string"),
        ("q=bus&k=ten", "the query string"),
        ("q=bus&k=1.5", "the query string"),
        ("q=bus&k=99999999999999999999999", "the query string"),
        ("q=bus&kind=poem", "the query string"),
        ("q=bus&year_from=soon", "the query string"),
        ("q=bus&departmnt=33", "the query string"),
        ("q=bus&departement=Zzz", "departement"),
        ("q=bus&departement=", "departement"),
        ("q=bus&region=Zzz", "region"),
        ("q=bus&region=Aquitaine", "region"),
        ("q=bus&theme=Zzz", "theme"),
        ("q=bus&document=Zzz", "document"),
        ("q=bus&year_from=2018&year_to=2015", "year_from"),
        ("q=bus&theme=" + "x" * 5_000, "the query string"),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(client, query, where):
    reply = client.get(f"/search?{query}")
    assert is_fault(reply, 422)
    assert reply.json()["where"] == where


def test_halves_of_surrogate_pairs_in_an_address_never_break_the_service(client):
    assert client.get("/search?q=%ED%A0%80%20jeunes").status_code == 200
    assert is_fault(client.get("/initiatives/%ED%A0%80"), 404)


@OF_A_SERVICE
@given(st.text(max_size=60, alphabet=ANY_CHARACTER))
def test_no_question_whatever_breaks_the_service(client, q):
    assert client.get(f"/search?q={quote(q, errors='surrogatepass')}").status_code in (200, 422)


# --- initiatives ---


def test_all_initiatives_are_listed_once_page_by_page(client):
    seen, cursor = [], None
    while True:
        page = client.get("/initiatives", params={"limit": 4} | ({"cursor": cursor} if cursor else {})).json()
        seen.append([sheet["id"] for sheet in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert [len(ids) for ids in seen] == [4, 2]
    assert len({id for ids in seen for id in ids}) == client.get("/ready").json()["initiatives"] == 6


def test_a_list_is_filtered_as_a_search_is(client):
    page = client.get("/initiatives", params={"theme": "Bien vieillir"}).json()
    assert ([sheet["theme"] for sheet in page["items"]], page["next"]) == (["Bien vieillir"] * 3, None)


def test_a_sheet_is_whole_and_its_text_is_that_of_the_document(service, documents):
    for sheet in service.get("/initiatives", params={"limit": 100}).json()["items"]:
        source = sheet["source"]
        assert sheet["text"] == documents[source["document"]].text(source["start_line"], source["end_line"])
        assert all(one.keys() == {"name", "role", "email", "phone", "email_damaged"} for one in sheet["contacts"])


def test_contacts_are_shown_on_sheets_and_never_among_hits(service):
    with_contact = next(
        sheet
        for sheet in service.get("/initiatives", params={"document": "recueil-2018", "limit": 50}).json()["items"]
        if any(contact["email"] for contact in sheet["contacts"])
    )
    assert "contacts" not in json.dumps(search(service, q=with_contact["title"]))


@pytest.mark.parametrize("id", ["nobody", "'; DROP TABLE initiatives; --", "x" * 3_000, "..%2F..%2Fetc%2Fpasswd", "🚌"])
def test_an_unknown_initiative_is_not_found(client, id):
    assert is_fault(client.get(f"/initiatives/{id}"), 404)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=zzz", "cursor=", "cursor=é", "page=2", "region=Zzz"]
)
def test_a_wrong_page_is_refused(client, query):
    assert is_fault(client.get(f"/initiatives?{query}"), 422)


# --- similar ---


def test_similar_initiatives_leave_out_the_initiative_itself_and_its_duplicates(service):
    sheet = next(one for one in service.get("/initiatives", params={"limit": 100}).json()["items"] if one["same_as"])
    hits = service.get(f"/initiatives/{sheet['id']}/similar", params={"k": 20}).json()["hits"]
    shown = {id for hit in hits for id in (hit["initiative"]["id"], *hit["also_in"])}
    assert len(hits) == 20
    assert not shown & {sheet["id"], *sheet["same_as"]}


def test_a_described_project_finds_its_like(client):
    text = "Un bus qui amène le médecin dans les villages"
    hits = client.post("/similar", json={"text": text, "k": 3}).json()["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert BUS in [hit["initiative"]["id"] for hit in hits]


@pytest.mark.parametrize(
    "path", ["/initiatives/nobody/similar", f"/initiatives/{BIKES}/similar?k=0", f"/initiatives/{BIKES}/similar?q=x"]
)
def test_likes_of_nothing_and_wrong_numbers_are_refused(client, path):
    assert is_fault(client.get(path), 404 if "nobody" in path else 422)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 50_000, 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"bus"', 422),
        (b"{}", 422),
        (b'{"text": null}', 422),
        (b'{"text": 7}', 422),
        (b'{"text": ["bus"]}', 422),
        (b'{"text": ""}', 422),
        (b'{"text": "   "}', 422),
        (b'{"text": "\\ud800"}', 422),
        (b'{"text": "bus", "k": 0}', 422),
        (b'{"text": "bus", "k": "many"}', 422),
        (b'{"text": "bus", "where": "here"}', 422),
        (b'{"text": "' + b"x" * 70_000 + b'"}', 413),
    ],
)
def test_a_wrong_body_is_refused(client, body, status):
    assert is_fault(client.post("/similar", content=body, headers={"content-type": "application/json"}), status)


def test_a_body_that_is_not_called_json_is_refused(client):
    assert is_fault(client.post("/similar", content=b'{"text": "bus"}', headers={"content-type": "text/plain"}), 422)


def test_a_large_body_sent_in_pieces_is_refused_as_well(client):
    pieces = (b'{"text": "' if n == 0 else b"x" * 1_000 for n in range(200))
    assert is_fault(client.post("/similar", content=pieces, headers={"content-type": "application/json"}), 413)


@OF_A_SERVICE
@given(st.text(max_size=60, alphabet=ANY_CHARACTER))
def test_no_description_whatever_breaks_the_service(client, text):
    body = json.dumps({"text": text}).encode()
    reply = client.post("/similar", content=body, headers={"content-type": "application/json"})
    assert reply.status_code in (200, 422)


# --- the service ---


def test_the_service_says_that_it_lives_and_is_ready(client, almanac):
    assert client.get("/health").json() == {"status": "alive"}
    assert client.get("/ready").json() == {
        "status": "ready", "documents": 1, "initiatives": 6, "encoder": almanac.manifest.encoder, "build": None,
        "answers": True,
        "generation": asdict(kept_generations(almanac.index)[-1]),
    }  # fmt: skip


def test_until_the_searcher_is_open_the_service_lives_and_is_not_ready(monkeypatch, small_settings):
    opened = Event()
    monkeypatch.setattr(api, "open_searcher", lambda settings: opened.wait(60))

    async def asked(client):
        try:
            return [await client.get(path) for path in ("/health", "/ready", "/search?q=bus")]
        finally:
            opened.set()

    alive, *others = run(api.create_app(small_settings), asked)
    assert alive.status_code == 200
    for reply in others:
        assert is_fault(reply, 503)
        assert (reply.json()["mend"], reply.headers["retry-after"]) == ("Ask again in a second.", "1")


def test_without_an_index_the_service_lives_and_says_what_to_do(small_settings, tmp_path):
    app = api.create_app(small_settings.model_copy(update={"var": tmp_path}))

    reply = run(app, lambda client: when_opened(client, "/ready"))
    assert is_fault(reply, 503)
    assert reply.json()["mend"] == "Run `recueil build`."


def test_unknown_routes_and_methods_are_refused_in_the_same_shape(client):
    assert is_fault(client.get("/nowhere"), 404)
    assert is_fault(client.delete("/search"), 405)
    assert is_fault(client.get("/similar"), 405)
    assert is_fault(client.get("/health?verbose=1"), 422)


def test_questions_at_the_same_time_get_their_own_answers(client):
    questions = ["vélo", "médecin", "aidants", "tablette"] * 8
    with ThreadPoolExecutor(8) as clients:
        found = list(clients.map(lambda question: search(client, q=question, k=1), questions))
    assert [reply["query"]["text"] for reply in found] == questions
    alone = {question: search(client, q=question, k=1)["hits"] for question in questions[:4]}
    assert [reply["hits"] for reply in found] == [alone[question] for question in questions]


def test_the_page_of_routes_needs_no_other_machine(client):
    page = client.get("/docs")
    assert page.status_code == 200
    assert "http://" not in page.text.replace(str(client.base_url), "")
    assert "https://" not in page.text
    for asset in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert client.get(asset).status_code == 200, asset


def test_every_route_documents_its_errors_as_faults(client):
    schema = client.get("/openapi.json").json()
    fault = {"$ref": "#/components/schemas/FaultReply"}
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            errors = {code: reply for code, reply in route["responses"].items() if code >= "400"}
            assert {"422", "500"} <= errors.keys(), (method, path)
            assert all(reply["content"]["application/json"]["schema"] == fault for reply in errors.values()), path
    assert "HTTPValidationError" not in schema["components"]["schemas"]


def test_the_routes_of_the_contract_are_there(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert paths.keys() >= {
        "/search", "/ask", "/initiatives", "/initiatives/{id}", "/initiatives/{id}/similar", "/similar",
        "/feedback", "/feedback/gap", "/health", "/ready",
    }  # fmt: skip


# --- other pages of a list ---


def test_a_list_names_its_other_pages_and_every_way_leads_through_all_of_it(client):
    def links_of(address):
        return {name: path for path, name in re.findall(r'<([^>]+)>; rel="(\w+)"', client.get(address).headers["link"])}

    def ids_of(address):
        return [one["id"] for one in client.get(address).json()["items"]]

    start = "/initiatives?limit=4&document=almanac"
    assert links_of(start).keys() == {"first", "next"}
    last = links_of(start)["next"]
    assert links_of(last).keys() == {"first", "prev"}
    assert links_of(last)["prev"] == links_of(last)["first"] == start
    assert len(ids_of(start) + ids_of(last)) == 6

    middle = links_of(links_of("/initiatives?limit=2")["next"])
    assert ids_of(middle["prev"]) == ids_of("/initiatives?limit=2")
    assert ids_of(links_of(middle["next"])["prev"]) == ids_of(links_of("/initiatives?limit=2")["next"])
