"""The settings: read once from the environment, refused when misspelt or out of range."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from settings import BadSetting, Settings, read_all_settings, read_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RECUEIL_{name.upper()}", raising=False)


def test_without_any_variable_the_service_listens_on_port_8000_of_this_machine_alone():
    settings = read_settings()
    assert (settings.host, settings.port, settings.encoder) == ("127.0.0.1", 8000, "bundled")


def test_a_checkout_keeps_everything_that_is_made_in_its_own_folder_var():
    assert read_settings().var == Path(__file__).parents[1] / "var"


def test_each_setting_is_an_environment_variable(monkeypatch):
    monkeypatch.setenv("RECUEIL_PORT", "9001")
    monkeypatch.setenv("RECUEIL_VAR", "/srv/recueil")
    assert (read_settings().port, read_settings().var) == (9001, Path("/srv/recueil"))


def test_a_misspelt_variable_is_refused_and_the_settings_are_named(monkeypatch):
    monkeypatch.setenv("RECUEIL_PROT", "9001")
    with pytest.raises(BadSetting, match=r"no setting RECUEIL_PROT.*RECUEIL_HOST.*RECUEIL_PORT"):
        read_settings()


SERVICE_LINKS = {
    "RECUEIL_PORT": "tcp://10.1.2.3:9000",
    "RECUEIL_SERVICE_HOST": "10.1.2.3",
    "RECUEIL_SERVICE_PORT": "9000",
    "RECUEIL_SERVICE_PORT_HTTP": "9000",
    "RECUEIL_PORT_9000_TCP": "tcp://10.1.2.3:9000",
    "RECUEIL_PORT_9000_TCP_PROTO": "tcp",
    "RECUEIL_PORT_9000_TCP_PORT": "9000",
    "RECUEIL_PORT_9000_TCP_ADDR": "10.1.2.3",
    "RECUEIL_API_PORT": "udp://[fd00::1]:53",
    "RECUEIL_API_SERVICE_HOST": "fd00::1",
}


def test_what_an_orchestrator_sets_for_a_service_of_our_name_is_left_out_with_a_word(monkeypatch, caplog):
    for name, value in SERVICE_LINKS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("RECUEIL_THREADS", "3")
    settings = read_settings()
    assert (settings.port, settings.threads) == (8000, 3)
    assert all(name in caplog.text for name in SERVICE_LINKS)


@pytest.mark.parametrize(
    ("name", "value"), [("RECUEIL_API_PORT", "9000"), ("RECUEIL_PROT", "tcp://10.1.2.3:9000"), ("RECUEIL_PORT", "tcp:")]
)
def test_other_variables_of_our_prefix_stay_faults(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        read_settings()


def test_there_is_no_public_address_unless_one_is_set(monkeypatch):
    assert read_settings().public_address is None
    monkeypatch.setenv("RECUEIL_PUBLIC_URL", "https://exemple.fr/recueil")
    assert read_settings().public_address == "https://exemple.fr/recueil"


@pytest.mark.parametrize(
    "value",
    ["exemple.fr", "ftp://exemple.fr", "https://me:secret@exemple.fr", "https://exemple.fr/?q=a", "https://a.fr/ü"],
)
def test_a_public_address_is_the_root_of_a_site_or_a_path_of_it(monkeypatch, value):
    monkeypatch.setenv("RECUEIL_PUBLIC_URL", value)
    with pytest.raises(BadSetting, match="RECUEIL_PUBLIC_URL cannot be used") as caught:
        read_settings()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("THREADS", "0"),
        ("HOST", ""),
        ("ENCODER", ""),
        ("LLM_MODEL", ""),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_its_name_and_value(monkeypatch, name, value):
    monkeypatch.setenv(f"RECUEIL_{name}", value)
    with pytest.raises(
        BadSetting, match=rf"setting RECUEIL_{name} cannot be used.*RECUEIL_{name}={value}.*Give another value"
    ):
        read_settings()


def test_no_language_model_is_asked_unless_one_is_set():
    settings = read_settings()
    assert (settings.llm_url, settings.llm_model, settings.llm_api_key) == (None, None, None)
    assert settings.llm_timeout_s == 20.0


def test_a_language_model_has_a_url_a_name_a_key_and_a_time(monkeypatch):
    for name, value in {
        "URL": "https://llm.example/v1",
        "MODEL": "albert",
        "API_KEY": "s3cret",
        "TIMEOUT_S": "5",
    }.items():
        monkeypatch.setenv(f"RECUEIL_LLM_{name}", value)
    settings = read_settings()
    assert (str(settings.llm_url), settings.llm_model) == ("https://llm.example/v1", "albert")
    assert (settings.llm_api_key.get_secret_value(), settings.llm_timeout_s) == ("s3cret", 5.0)
    assert "s3cret" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_a_url_without_the_name_of_a_model_is_refused(monkeypatch):
    monkeypatch.setenv("RECUEIL_LLM_URL", "http://127.0.0.1:11434/v1")
    with pytest.raises(BadSetting, match=r"LLM_URL is set and RECUEIL_LLM_MODEL is not.*Name the model"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", ""),
        ("URL", "llm.example"),
        ("URL", "ftp://llm.example/v1"),
        ("URL", "file:///s3cret"),
        ("URL", "https://me:s3cret@llm.example/v1"),
        ("API_KEY", ""),
    ],
)
def test_a_wrong_url_or_key_is_refused_without_repeating_it(monkeypatch, name, value):
    monkeypatch.setenv("RECUEIL_LLM_MODEL", "albert")
    monkeypatch.setenv(f"RECUEIL_LLM_{name}", value)
    with pytest.raises(BadSetting, match=rf"setting RECUEIL_LLM_{name} cannot be used.*Give another value") as refused:
        read_settings()
    assert refused.value.where == f"RECUEIL_LLM_{name}"
    assert "s3cret" not in str(refused.value)


def test_no_feedback_is_kept_unless_it_is_set():
    settings = read_settings()
    assert (settings.feedback, settings.feedback_days) == (False, 365)


@pytest.mark.parametrize(
    ("name", "value"),
    [("FEEDBACK", "maybe"), ("FEEDBACK_DAYS", "0"), ("FEEDBACK_DAYS", "x"), ("FEEDBACK_DAYS", "3651")],
)
def test_a_wrong_setting_of_feedback_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"RECUEIL_{name}", value)
    with pytest.raises(BadSetting, match=rf"RECUEIL_{name} cannot be used.*Give another value"):
        read_settings()


def test_everything_that_is_made_lies_under_var(tmp_path):
    settings = Settings(var=tmp_path, encoder="some/Model")
    assert settings.index_folder == tmp_path / "index"
    assert settings.model_folder == tmp_path / "models" / "some-model"
    assert settings.feedback_file == tmp_path / "feedback.sqlite"


def test_answers_are_made_with_what_was_trained_for_the_encoder_else_with_what_the_package_brings(tmp_path):
    settings = Settings(var=tmp_path)
    assert settings.answer_folder.is_dir()
    assert not settings.answer_folder.is_relative_to(tmp_path)
    own = tmp_path / "answering" / "bundled"
    own.mkdir(parents=True)
    assert settings.answer_folder == own


def test_editorial_records_lie_beside_the_documents_unless_a_folder_is_given(tmp_path):
    assert Settings(documents=tmp_path / "documents").editorial_folder == tmp_path / "editorial"
    assert Settings(documents=tmp_path, editorial=tmp_path / "mine").editorial_folder == tmp_path / "mine"


@pytest.mark.parametrize("value", ["0", "-1", "301", "nan", "inf", "soon"])
def test_a_time_that_is_none_or_without_end_is_refused(monkeypatch, value):
    monkeypatch.setenv("RECUEIL_LLM_TIMEOUT_S", value)
    with pytest.raises(BadSetting, match=r"RECUEIL_LLM_TIMEOUT_S cannot be used.*Give another value"):
        read_settings()


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("", ("127.0.0.1",)),
        ("recueil, fiches.exemple.fr", ("127.0.0.1", "recueil", "fiches.exemple.fr")),
        ("::1,192.0.2.1", ("127.0.0.1", "::1", "192.0.2.1")),
    ],
)
def test_more_names_of_the_service_are_told_parted_by_commas(monkeypatch, value, known):
    monkeypatch.setenv("RECUEIL_HOSTS", value)
    assert read_settings().known_hosts == known


@pytest.mark.parametrize("value", ["http://a.fr", "a.fr:80", "a.fr/x", "a b", "*", "a.fr,,b.fr", "[::1]"])
def test_what_is_no_name_of_a_host_is_refused(monkeypatch, value):
    monkeypatch.setenv("RECUEIL_HOSTS", value)
    with pytest.raises(BadSetting, match=r"RECUEIL_HOSTS cannot be used.*parted by commas"):
        read_settings()


def test_reading_is_open_to_everybody_and_nothing_to_other_sites_unless_it_is_set():
    settings = read_settings()
    assert (settings.reading, settings.address_per_minute) == ("open", None)
    assert settings.known_proxies + settings.cors_origins + settings.embedding_origins == ()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PROXIES", "192.0.2.7, 10.0.0.0/8,::1", ("192.0.2.7", "10.0.0.0/8", "::1")),
        ("CORS", "https://a.fr,http://b.fr:8080", ("https://a.fr", "http://b.fr:8080")),
        ("EMBEDDING", "https://a.fr", ("https://a.fr",)),
    ],
)
def test_machines_and_sites_are_told_parted_by_commas(monkeypatch, name, value, told):
    monkeypatch.setenv(f"RECUEIL_{name}", value)
    settings = read_settings()
    assert settings.known_proxies + settings.cors_origins + settings.embedding_origins == told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXIES", "proxy.fr"),
        ("PROXIES", "10.0.0.1/8"),
        ("CORS", "*"),
        ("CORS", "https://a.fr/"),
        ("CORS", "null"),
        ("EMBEDDING", "https://*.a.fr"),
        ("EMBEDDING", "https://a.fr; script-src *"),
        ("READING", "closed"),
        ("ADDRESS_PER_MINUTE", "0"),
    ],
)
def test_what_would_open_more_than_it_names_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"RECUEIL_{name}", value)
    with pytest.raises(BadSetting, match=rf"RECUEIL_{name} cannot be used"):
        read_settings()


def test_settings_do_not_change_once_they_are_read():
    with pytest.raises(ValidationError, match="frozen"):
        read_settings().port = 9002


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


# --- several corpora ---


def test_without_a_list_there_is_one_corpus_without_a_name():
    assert Settings().by_corpus == {"": Settings()}


def test_each_corpus_has_documents_and_what_is_made_of_its_own_and_all_share_model_and_keys(monkeypatch):
    monkeypatch.setenv("RECUEIL_VAR", "/srv/recueil")
    monkeypatch.setenv("RECUEIL_DOCUMENTS", "/srv/odas")
    monkeypatch.setenv("RECUEIL_EDITORIAL", "/srv/records")
    monkeypatch.setenv("RECUEIL_CORPORA", "odas, garden=/srv/notes")
    odas, garden = read_all_settings().by_corpus.values()
    assert (odas.documents, odas.editorial_folder, odas.made) == (
        Path("/srv/odas"), Path("/srv/records"), Path("/srv/recueil"),
    )  # fmt: skip
    assert (garden.documents, garden.editorial_folder) == (Path("/srv/notes"), Path("/srv/editorial"))
    assert garden.index_folder.is_relative_to("/srv/recueil/corpora/garden")
    assert garden.feedback_file.is_relative_to("/srv/recueil/corpora/garden")
    assert (garden.model_folder, garden.keys_file) == (odas.model_folder, odas.keys_file)


@pytest.mark.parametrize("corpora", ["odas,garden=/srv/notes", "garden=/srv/notes,odas"])
@pytest.mark.parametrize("name", ["odas", "garden"])
def test_a_process_of_a_corpus_reads_the_settings_of_the_same(monkeypatch, corpora, name):
    monkeypatch.setenv("RECUEIL_CORPORA", corpora)
    monkeypatch.setenv("RECUEIL_CORPUS", "garden")
    settings = read_all_settings().by_corpus[name]
    monkeypatch.setenv("RECUEIL_CORPUS", settings.environment["RECUEIL_CORPUS"])
    again = read_settings()
    assert (again.documents, again.made) == (settings.documents, settings.made)


def test_a_command_works_on_the_first_corpus_or_on_that_which_is_named(monkeypatch):
    monkeypatch.setenv("RECUEIL_CORPORA", "garden=/srv/notes,odas=/srv/odas")
    assert read_settings().documents == Path("/srv/notes")
    monkeypatch.setenv("RECUEIL_CORPUS", "odas")
    assert (read_settings().documents, read_settings().corpus) == (Path("/srv/odas"), "odas")
    monkeypatch.setenv("RECUEIL_CORPUS", "nowhere")
    with pytest.raises(BadSetting, match=r"no corpus 'nowhere'.*garden, odas"):
        read_settings()


def test_a_corpus_is_named_only_where_there_are_several(monkeypatch):
    monkeypatch.setenv("RECUEIL_CORPUS", "odas")
    with pytest.raises(BadSetting, match="RECUEIL_CORPORA is not set"):
        read_settings()


@pytest.mark.parametrize(
    "value", ["Garden=/srv/a", "a b=/srv/a", "*=/srv/a", "a/b", "a=/srv/a,a=/srv/b", "a,b", "=/srv/a"]
)
def test_names_of_corpora_are_plain_and_each_is_given_once(monkeypatch, value):
    monkeypatch.setenv("RECUEIL_CORPORA", value)
    with pytest.raises(BadSetting, match="RECUEIL_CORPORA cannot be used"):
        read_settings()
